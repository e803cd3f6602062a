using System.Collections.Concurrent;
using Azure.Storage.Blobs.Models;

namespace CaptureFlow.Evidence;

/// <summary>Hashes of blobs' contents; those of blobs that were just read to the end are known already.</summary>
internal sealed class BlobDigests(BlobRefusals refusals)
{
    /// <summary>Captures that are stored at the same time, generously; more only means that one is read once more.</summary>
    private const int MostKept = 64;

    private readonly ConcurrentDictionary<string, BlobDigest> _known = [];

    /// <summary>Reads a committed blob from its start; what is found at its end is remembered.</summary>
    public async Task<Stream> ReadAsync(StagedBlob staged, StagedState state, CancellationToken cancellationToken)
    {
        var download = await staged.Blob.DownloadStreamingAsync(
            new BlobDownloadOptions { Conditions = new() { IfMatch = state.Properties!.ETag } }, cancellationToken);
        return new BlobReading(download.Value.Content, state.Properties.ETag, refusals, digest => Remember(staged.Blob.Name, digest));
    }

    public async Task<BlobDigest> OfAsync(StagedBlob staged, StagedState state, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(staged.Blob.Name, out var known) && known.ETag == state.Properties!.ETag)
        {
            return known;
        }

        await using var content = await ReadAsync(staged, state, cancellationToken);
        var buffer = new byte[128 << 10];
        while (await content.ReadAsync(buffer, cancellationToken) > 0)
        {
        }

        return _known[staged.Blob.Name];
    }

    private void Remember(string name, BlobDigest digest)
    {
        if (_known.Count >= MostKept)
        {
            _known.Clear();
        }

        _known[name] = digest;
    }
}
