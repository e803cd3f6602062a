namespace Microsoft.DurableTask;

/// <summary>Says whether a failed task is tried again; may await durable tasks, a timer say.</summary>
public delegate Task<bool> AsyncRetryHandler(RetryContext retryContext);
