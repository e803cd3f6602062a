using Microsoft.DurableTask;

namespace CaptureFlow.Local.Durable;

/// <summary>
/// An orchestrator. It runs from its start at every turn, so it must do the same calls in the same order each time, and await nothing
/// but what <paramref name="context"/> gave it.
/// </summary>
/// <param name="context">The calls it may make.</param>
/// <param name="input">Its input as JSON, or null.</param>
/// <returns>Its output, serialised when the instance completes.</returns>
internal delegate Task<object?> OrchestratorBody(TaskOrchestrationContext context, string? input);
