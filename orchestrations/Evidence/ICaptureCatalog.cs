namespace CaptureFlow.Orchestrations;

/// <summary>What a store holds, for listing.</summary>
public interface ICaptureCatalog
{
    /// <summary>
    /// The stored manifests that pass the filter, newest order first (of the same instant: by id, descending), read as they are asked for:
    /// stop enumerating and nothing more is read. A manifest that cannot be read is left out and logged.
    /// </summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="after">Begins just behind this place; null begins with the newest.</param>
    /// <param name="cancellationToken">Ends the enumeration with an exception.</param>
    /// <exception cref="StepUnavailableException">The store is away.</exception>
    /// <exception cref="StoreRefusedException">The store refuses to be read.</exception>
    IAsyncEnumerable<CaptureManifest> FindAsync(CaptureFilter filter, CaptureCursor? after, CancellationToken cancellationToken);
}
