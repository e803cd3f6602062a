using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

/// <summary>A store of a test's own, gone with the test, and what somebody outside of CaptureFlow may do to it.</summary>
internal abstract class TestStore : IAsyncDisposable
{
    public ICaptureStore Store => field ??= Open();

    /// <summary>Another instance over the same place, as another process or a later one has.</summary>
    public abstract ICaptureStore Open();

    public abstract ICaptureCatalog Catalog();

    public abstract ICaptureRetention Retention();

    /// <param name="signing">Whose key signs; null for none.</param>
    public abstract ICustodyLog Log(CustodySigning? signing = null);

    public abstract ICustodyDays Days();

    /// <summary>Writes other bytes over a stored file or manifest.</summary>
    public abstract Task ReplaceAsync(string captureId, string fileName, byte[] content);

    /// <summary>The names of what is kept of a stored capture.</summary>
    public abstract Task<string[]> NamesAsync(CaptureOrder order);

    /// <summary>How many files of a capture are anywhere in it.</summary>
    public abstract Task<int> CountAsync(string captureId);

    /// <summary>Whether there is anything in it at all.</summary>
    public abstract Task<bool> IsEmptyAsync();

    /// <summary>Whether anything is staged.</summary>
    public abstract Task<bool> HasStagingAsync();

    public async Task StageAsync(string captureId, ReadOnlyMemory<byte> bytes)
    {
        await using var area = await Store.OpenStagingAsync(captureId, default);
        await area.AppendAsync(bytes, default);
        await area.FlushAsync(default);
    }

    public abstract ValueTask DisposeAsync();
}
