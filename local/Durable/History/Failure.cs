using Microsoft.DurableTask;
using Core = DurableTask.Core;

namespace CaptureFlow.Local.Durable.History;

/// <summary>An exception as history keeps it.</summary>
/// <param name="Type">The full name of the exception's type.</param>
/// <param name="Message">The exception's message.</param>
/// <param name="Stack">Where it was thrown.</param>
/// <param name="Inner">What caused it.</param>
/// <param name="NonRetriable">Trying again cannot help: there is no such activity.</param>
internal sealed record Failure(string Type, string Message, string? Stack, Failure? Inner, bool NonRetriable = false)
{
    public static Failure From(Exception exception) => new(
        exception.GetType().ToString(),
        exception.Message,
        exception.StackTrace,
        exception.InnerException is { } inner ? From(inner) : null);

    public TaskFailureDetails ToDetails() => new(Type, Message, Stack, Inner?.ToDetails(), null);

    /// <summary>The form in which a <see cref="RetryPolicy"/> is asked whether it handles the failure.</summary>
    public Core.FailureDetails ToCore() => new(Type, Message, Stack, Inner?.ToCore(), NonRetriable);
}
