using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>
/// One runner at a time stages a capture: a lease on a marker blob, kept while bytes come. A runner that is killed loses it by itself after
/// <see cref="Duration"/>; one that slept longer and finds the marker leased by another stops. The marker also says since when a capture is
/// being staged, for the sweep of what was given up.
/// </summary>
internal sealed class StagingLease : IAsyncDisposable
{
    /// <summary>The shortest that the service gives: how long a restarted host waits for what a killed one held.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(5);

    private readonly BlockBlobClient _marker;
    private readonly BlobLeaseClient _lease;
    private readonly string _captureId;
    private readonly TimeProvider _time;
    private long _renewedAt;
    private bool _ended;

    private StagingLease(BlockBlobClient marker, string captureId, TimeProvider time)
    {
        (_marker, _captureId, _time) = (marker, captureId, time);
        _lease = marker.GetBlobLeaseClient();
    }

    /// <exception cref="StepUnavailableException">Another runner has it.</exception>
    public static async Task<StagingLease> TakeAsync(BlobAccess access, string captureId, TimeProvider time, CancellationToken cancellationToken)
    {
        var marker = access.Container.GetBlockBlobClient(BlobNames.Staging(captureId));
        var lease = new StagingLease(marker, captureId, time);
        try
        {
            await marker.UploadAsync(Stream.Null, new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } }, cancellationToken);
        }
        catch (RequestFailedException there) when (there.Status is 409 or 412)
        {
            // An earlier run's, or the other runner's: the lease tells.
        }

        lease._renewedAt = time.GetTimestamp();
        await lease.OrTakenAsync(() => lease._lease.AcquireAsync(Duration, cancellationToken: cancellationToken));
        return lease;
    }

    /// <summary>Called before each block: renews what would soon end. One that ended meanwhile is taken again, unless somebody else did.</summary>
    /// <exception cref="StepUnavailableException">Another runner has it now.</exception>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        if (_time.GetElapsedTime(_renewedAt) < RenewAfter)
        {
            return;
        }

        var now = _time.GetTimestamp();
        await OrTakenAsync(() => _lease.RenewAsync(cancellationToken: cancellationToken));
        _renewedAt = now;
    }

    /// <summary>Removes the marker, when nothing is staged any more.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await _marker.DeleteIfExistsAsync(conditions: new() { LeaseId = _lease.LeaseId }, cancellationToken: cancellationToken);
        _ended = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        using var cap = new CancellationTokenSource(Duration, _time);
        try
        {
            await _lease.ReleaseAsync(cancellationToken: cap.Token);
        }
        catch (Exception lost) when (BlobRefusals.IsOurs(lost, CancellationToken.None))
        {
            // It ends by itself; whatever is wrong with the store shows in the calls that matter.
        }
    }

    private async Task OrTakenAsync<T>(Func<Task<T>> call)
    {
        try
        {
            _ = await call();
        }
        catch (RequestFailedException taken) when (taken.Status is 409 or 412 || taken.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            throw new StepUnavailableException($"Another run is staging {_captureId}.", taken);
        }
    }
}
