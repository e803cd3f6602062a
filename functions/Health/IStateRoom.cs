namespace CaptureFlow.Functions.Health;

/// <summary>Of a host that keeps its state in a folder of its own: whether that still takes something. A store that answers what it has may take nothing more.</summary>
public interface IStateRoom
{
    /// <summary>The folder.</summary>
    string Folder { get; }

    /// <summary>Writes a little, and takes it away again.</summary>
    /// <returns>False when the disk, or the quota, is used up.</returns>
    /// <exception cref="IOException">It could not be tried.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    Task<bool> HasRoomAsync(CancellationToken cancellationToken);
}
