namespace CaptureFlow.Evidence.Tests;

/// <summary>A request to the front.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">The blob or container, without the account.</param>
/// <param name="Query">As sent.</param>
internal sealed record FrontRequest(int Number, string Method, string Path, string Query)
{
    public bool IsBlock => Method == "PUT" && Query.Contains("comp=block&", StringComparison.Ordinal);

    public bool IsCommit => Method == "PUT" && Query.Contains("comp=blocklist", StringComparison.Ordinal);
}
