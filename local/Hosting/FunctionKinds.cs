using System.Collections.Immutable;

namespace CaptureFlow.Local.Hosting;

/// <summary>Started by a request. The route is without the prefix of host.json.</summary>
internal sealed record HttpFunction(FunctionMethod Function, string Route, ImmutableArray<string> Methods);

/// <summary>Started by a schedule: NCRONTAB in six fields, or <c>%SETTING%</c> that names one.</summary>
internal sealed record TimerFunction(FunctionMethod Function, string Schedule, bool RunOnStartup);

/// <summary>Run by the durable engine, replayed.</summary>
internal sealed record OrchestratorFunction(FunctionMethod Function, Type InputType);

/// <summary>Run by the durable engine, at least once.</summary>
internal sealed record ActivityFunction(FunctionMethod Function, Type InputType);
