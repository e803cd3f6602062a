using System.Text;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging.Abstractions;

namespace CaptureFlow.Evidence.Tests;

/// <summary>A container of its own on Azurite, with blocks so small that a few packets make many.</summary>
internal sealed class BlobTestStore : TestStore
{
    private BlobTestStore(BlobStoreOptions options, BlobAccess access) => (Options, Access) = (options, access);

    public BlobStoreOptions Options { get; }

    public BlobAccess Access { get; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static async Task<BlobTestStore> MakeAsync(Uri serviceUri, Action<BlobStoreOptions>? change = null)
    {
        var options = OptionsFor(serviceUri);
        change?.Invoke(options);
        var store = new BlobTestStore(options, BlobAccess.Open(options));
        await store.Access.Container.CreateAsync();
        return store;
    }

    public static BlobStoreOptions OptionsFor(Uri serviceUri) => new()
    {
        ServiceUri = serviceUri,
        Container = $"test-{Guid.NewGuid():N}",
        Emulator = true,
        BlockSize = 64,
    };

    public override ICaptureStore Open() => Open(Access);

    public BlobStore Open(BlobAccess access, BlobStoreOptions? options = null) => new(access, options ?? Options, Time, NullLogger<BlobStore>.Instance);

    public override ICaptureCatalog Catalog() => new BlobCatalog(Access, Options, Time, NullLogger<BlobStore>.Instance);

    public override ICaptureRetention Retention() => Retention(Access);

    public ICaptureRetention Retention(BlobAccess access) =>
        new BlobRetention(access, Options, new BlobCatalog(access, Options, Time, NullLogger<BlobStore>.Instance), Time, NullLogger<BlobStore>.Instance);

    public override ICustodyLog Log(CustodySigning? signing = null) => Log(Access, signing);

    public override ICustodyDays Days() => new BlobDays(Access, Options, Time);

    public ICustodyLog Log(BlobAccess access, CustodySigning? signing = null) => new BlobCustody(access, Options, signing ?? Make.Signing(), Time);

    public IEvidenceLinks Links(BlobAccess? access = null) => new BlobLinks(access ?? Access, Options, Log(access ?? Access), Time, NullLogger<BlobStore>.Instance);

    public override Task ReplaceAsync(string captureId, string fileName, byte[] content) =>
        Access.Container.GetBlobClient($"{captureId}/{fileName}").UploadAsync(new BinaryData(content), overwrite: true);

    public override async Task<string[]> NamesAsync(CaptureOrder order) =>
        [.. (await BlobsAsync(order.CaptureId + "/")).Select(blob => blob.Name[(order.CaptureId.Length + 1)..]).Order(StringComparer.Ordinal)];

    public override async Task<int> CountAsync(string captureId) =>
        (await BlobsAsync(null)).Count(blob => blob.Name.Contains(captureId, StringComparison.Ordinal));

    public override async Task<bool> IsEmptyAsync() => (await BlobsAsync(null)).Count == 0;

    public override async Task<bool> HasStagingAsync() => (await BlobsAsync(BlobNames.StagingPrefix)).Count > 0;

    public async Task<List<BlobItem>> BlobsAsync(string? prefix)
    {
        List<BlobItem> found = [];
        await foreach (var blob in Access.Container.GetBlobsAsync(BlobTraits.All, BlobStates.Uncommitted, prefix, default))
        {
            found.Add(blob);
        }

        return found;
    }

    public async Task<string> TextAsync(string name) =>
        Encoding.UTF8.GetString((await Access.Container.GetBlobClient(name).DownloadContentAsync()).Value.Content);

    /// <summary>As the time does that a lease of a killed run has left.</summary>
    public async Task EndLeaseAsync(string captureId)
    {
        var marker = Access.Container.GetBlobClient(BlobNames.Staging(captureId));
        if (await marker.ExistsAsync() && (await marker.GetPropertiesAsync()).Value.LeaseState == LeaseState.Leased)
        {
            await marker.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero);
        }
    }

    public override async ValueTask DisposeAsync() => await Access.Container.DeleteIfExistsAsync();
}
