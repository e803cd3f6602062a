namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What is shown to the API server once an account is gone.</summary>
/// <param name="Token">A token of the account, never used so far; null when none was to be had.</param>
/// <param name="Absence">Why there is none.</param>
internal sealed record Witness(string? Token, string Absence)
{
    public static Witness None(string absence) => new(null, absence);
}
