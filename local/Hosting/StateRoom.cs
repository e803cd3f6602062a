using CaptureFlow.Functions.Health;

namespace CaptureFlow.Local.Hosting;

/// <summary>Asks the state folder by writing: free space that a file system reports says nothing of quotas, and of what it keeps for root.</summary>
internal sealed class StateRoom(string folder) : IStateRoom, IDisposable
{
    private const string ProbeName = "room.probe";

    // More than a step's note takes, so that it is noticed before the engine meets it.
    private const int ProbeBytes = 256 << 10;

    private readonly SemaphoreSlim _one = new(1);

    public string Folder => folder;

    public async Task<bool> HasRoomAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        var probe = Path.Combine(folder, ProbeName);
        try
        {
            await File.WriteAllBytesAsync(probe, new byte[ProbeBytes], cancellationToken);
            return true;
        }
        catch (IOException e) when (FullDisk.IsCauseOf(e))
        {
            return false;
        }
        finally
        {
            File.Delete(probe);
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
