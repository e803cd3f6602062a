namespace CaptureFlow.Orchestrations;

/// <summary>What a step came to: a value, or the faults that prevented it, all of them at once.</summary>
public sealed record StepResult<T>(T? Value, IReadOnlyList<CaptureFault> Faults)
    where T : class
{
    [System.Text.Json.Serialization.JsonIgnore]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Value))]
    public bool Succeeded => Value is not null && Faults.Count == 0;
}

/// <summary>Makes <see cref="StepResult{T}"/>s.</summary>
public static class StepResult
{
    public static StepResult<T> Of<T>(T value) where T : class => new(value, []);

    public static StepResult<T> Fault<T>(params IReadOnlyList<CaptureFault> faults) where T : class => new(null, faults);
}
