namespace CaptureFlow.Evidence;

/// <summary>Where the store keeps the days' heads (<c>heads/yyyy-MM-dd.json</c>), and which logs a day has to name. Heads are never replaced, nor deleted with time.</summary>
public interface ICustodyDays
{
    /// <summary>The days that have a head, the latest last.</summary>
    Task<IReadOnlyList<DateOnly>> DaysAsync(CancellationToken cancellationToken);

    /// <summary>A head, byte for byte; null when there is none.</summary>
    Task<byte[]?> TryReadAsync(DateOnly day, CancellationToken cancellationToken);

    /// <returns>False when there is one already, which stays.</returns>
    Task<bool> TryWriteAsync(DateOnly day, ReadOnlyMemory<byte> head, CancellationToken cancellationToken);

    /// <summary>The captures whose logs were written since; all for null.</summary>
    Task<IReadOnlyList<string>> WrittenSinceAsync(DateTimeOffset? since, CancellationToken cancellationToken);
}
