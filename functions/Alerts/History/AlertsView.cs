using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Alerts.History;

/// <summary>The bindings, each with its last calls.</summary>
internal sealed record AlertsView(IReadOnlyList<AlertBindingView> Bindings);

/// <summary>A binding as its readers see it: nothing that authenticates its sender.</summary>
/// <param name="Name">As in the route.</param>
/// <param name="Source">As in the route.</param>
/// <param name="CoolDown">After an order of a target.</param>
/// <param name="MaxCapturesPerCall">Most that one call may start.</param>
/// <param name="Refused">Calls of strangers, on this host since it started.</param>
/// <param name="Calls">The newest first; bounded.</param>
internal sealed record AlertBindingView(string Name, string Source, TimeSpan CoolDown, int MaxCapturesPerCall, long Refused, IReadOnlyList<AlertCall> Calls);
