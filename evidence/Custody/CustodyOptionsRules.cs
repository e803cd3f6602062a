using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence;

/// <summary>A key that cannot be used stops the start: logs would go unsigned, and nobody would know. Nothing of a key is repeated.</summary>
internal sealed class CustodyOptionsRules(IOptions<FolderStoreOptions> folder) : IValidateOptions<CustodyOptions>
{
    private const string Remedy = "make one with 'openssl ecparam -name prime256v1 -genkey -noout'.";

    public ValidateOptionsResult Validate(string? name, CustodyOptions options)
    {
        List<string> problems = [];
        if (options.SigningKey is { Length: > 0 } text)
        {
            if (text.TrimStart().StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase))
            {
                problems.Add($"{CustodyOptions.Section}:{nameof(options.SigningKey)} is a reference to a Key Vault that was not resolved: see that the app's identity may read the secret.");
            }
            else if (!IsKey(() => text))
            {
                problems.Add($"{CustodyOptions.Section}:{nameof(options.SigningKey)} is not an unencrypted private key on the curve P-256: {Remedy}");
            }
        }
        else if (options.KeyFile is { Length: > 0 } file)
        {
            if (IsIn(file, folder.Value.Folder))
            {
                problems.Add($"{CustodyOptions.Section}:{nameof(options.KeyFile)} is in the store's folder, whose holder must not have the key: name a file elsewhere.");
            }
            else if (File.Exists(file) && !IsKey(() => File.ReadAllText(file)))
            {
                problems.Add($"{CustodyOptions.Section}:{nameof(options.KeyFile)}: '{file}' cannot be read as a private key on the curve P-256: {Remedy}");
            }
        }

        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    private static bool IsKey(Func<string> text)
    {
        try
        {
            using var key = CustodyKey.FromText(text());
            return true;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Without a folder the store is a container.
    private static bool IsIn(string file, string folder) =>
        folder.Length > 0 && Path.GetFullPath(file).StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
