namespace CaptureFlow.Orchestrations;

/// <summary>What a store holds, for listing.</summary>
public interface ICaptureCatalog
{
    /// <summary>
    /// The stored manifests, newest order first, read as they are asked for: stop enumerating and nothing more is read. A manifest that
    /// cannot be read is left out and logged.
    /// </summary>
    IAsyncEnumerable<CaptureManifest> ListAsync(CancellationToken cancellationToken);
}
