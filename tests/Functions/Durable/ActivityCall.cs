namespace CaptureFlow.Functions.Tests.Durable;

/// <summary>One call of an activity, as an orchestrator makes it.</summary>
internal sealed record ActivityCall(string Name, Type? Input, Type Output);
