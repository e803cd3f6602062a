namespace CaptureFlow.Local.Durable.Replay;

/// <summary>
/// An orchestrator awaited something that its context did not give it: a delay, a request, a lock. Replay cannot repeat that. The Functions
/// host refuses the same with an <see cref="InvalidOperationException"/>.
/// </summary>
internal sealed class IllegalAwaitException() : InvalidOperationException(
    "An illegal await was detected: the orchestrator awaited a task that its context did not give it, or left its thread. "
    + "Use the context's timers, events and activities only, and no ConfigureAwait(false).");
