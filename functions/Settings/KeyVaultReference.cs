namespace CaptureFlow.Functions.Settings;

/// <summary>A setting whose value App Service fetches from a Key Vault.</summary>
internal static class KeyVaultReference
{
    /// <summary>
    /// Whether this is the reference itself, which App Service leaves in place when it may not read the vault: a text that everybody knows, and so no secret.
    /// </summary>
    public static bool IsUnresolved(string setting) => setting.TrimStart().StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase);
}
