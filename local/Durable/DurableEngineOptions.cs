using System.Text.Json;

namespace CaptureFlow.Local.Durable;

/// <summary>What the embedded durable engine may use, and for how long.</summary>
internal sealed record DurableEngineOptions
{
    /// <summary>The SQLite file. Its folder is made if missing; <c>.lock</c>, <c>-wal</c> and <c>-shm</c> files appear beside it.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>Activities that run at the same time in this host.</summary>
    /// <value>10, as Durable Functions has it.</value>
    public int MaxConcurrentActivities { get; init; } = 10;

    /// <summary>Orchestrations whose code runs at the same time in this host. A waiting orchestration takes no slot and no thread.</summary>
    /// <value>5, as Durable Functions has it.</value>
    public int MaxConcurrentOrchestrations { get; init; } = 5;

    /// <summary>How long an activity stays with a host that has stopped renewing. Renewed three times in that span while the body runs.</summary>
    /// <value>30 seconds.</value>
    public TimeSpan ActivityLease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long <see cref="DurableEngine.StopAsync"/> waits for running activities after their token was cancelled.</summary>
    /// <value>10 seconds.</value>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether other hosts use the same file at the same time. Then nobody takes the folder's lock, leases of others are respected until
    /// they expire, and the file is polled for what the others wrote.
    /// </summary>
    /// <value><see langword="false"/>: one host, which owns the file and takes back every lease when it starts.</value>
    public bool SharedDatabase { get; init; }

    /// <summary>How often a shared file is polled.</summary>
    /// <value>1 second.</value>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How inputs, outputs and events are written. The default is that of the Functions isolated worker.</summary>
    public JsonSerializerOptions Json { get; init; } = new() { PropertyNameCaseInsensitive = true };

    /// <summary>Whether running activities keep their lease. Off only in tests that need a host which looks dead and is not.</summary>
    internal bool RenewLeases { get; init; } = true;

    /// <summary>Called after each transaction that changed an instance, before anything acts on it. Only in tests that end the process there.</summary>
    internal Action? Kept { get; init; }
}
