using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>A folder is read through the app.</summary>
internal sealed class NoLinks : IEvidenceLinks
{
    public Task<Uri?> TryLinkAsync(string captureId, string fileName, Actor requestedBy, CancellationToken cancellationToken) => Task.FromResult<Uri?>(null);
}
