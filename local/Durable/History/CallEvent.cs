using System.Globalization;

namespace CaptureFlow.Local.Durable.History;

/// <summary>Something the orchestrator asked for. Calls are numbered in the order they are made, which replay must repeat.</summary>
internal abstract record CallEvent(int Id) : HistoryEvent
{
    /// <summary>What is called, as far as replay must call the same: a changed input or delay is no other call, another name is.</summary>
    protected abstract string Target { get; }

    public bool IsSameCall(CallEvent other) => GetType() == other.GetType() && Target == other.Target;

    public string Describe() => string.Create(CultureInfo.InvariantCulture, $"{GetType().Name} #{Id} {Target}").TrimEnd();
}

internal sealed record TaskScheduled(int Id, string Name, string? Input) : CallEvent(Id)
{
    protected override string Target => Name;
}

internal sealed record TimerCreated(int Id, DateTime FireAt) : CallEvent(Id)
{
    protected override string Target => string.Empty;
}

internal sealed record SubOrchestrationCreated(int Id, string Name, string InstanceId, string? Input, string Version) : CallEvent(Id)
{
    protected override string Target => Name;
}

internal sealed record EventSent(int Id, string InstanceId, string Name, string? Input) : CallEvent(Id)
{
    protected override string Target => Name;
}
