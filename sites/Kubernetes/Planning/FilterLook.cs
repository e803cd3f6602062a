namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What came of having a filter compiled.</summary>
/// <param name="Complaint">tcpdump's own words; null when it has none, or was not asked.</param>
/// <param name="NotAsked">Why it could not be asked; null when it was.</param>
internal sealed record FilterLook(string? Complaint, string? NotAsked)
{
    public static readonly FilterLook Compiled = new(null, null);
}
