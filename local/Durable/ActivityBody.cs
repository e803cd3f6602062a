namespace CaptureFlow.Local.Durable;

/// <summary>
/// An activity. It runs at least once for each call, and two runs may overlap; the first to finish is the one that counts. What it throws
/// reaches the orchestrator as a <c>TaskFailedException</c>, unless the host is stopping: then it runs again at the next start.
/// </summary>
internal delegate Task<object?> ActivityBody(ActivityInvocation invocation);
