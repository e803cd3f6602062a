using System.Text.Json;

namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>
/// Grafana's unified alerting with its own message, not a custom payload. Labels are the alert's own, and <c>grafana.state_reason</c>
/// where a rule fires (or does not) because its query gave no data or failed.
/// </summary>
internal sealed class GrafanaSource : IAlertSource
{
    public string Name => "grafana";

    public AlertMessage Read(JsonElement message) => message.Text("version") == "1" && message.Part("orgId") is not null
        ? AlertGroup.Read(message, Refine)
        : throw new AlertFormatException("The message is no Grafana webhook: version \"1\" with an orgId. A custom payload is not understood.");

    /// <summary>
    /// A rule whose query fails says nothing about the pods that it watches, however it is told; one without data may be the incident
    /// itself. The test button sends an alert with labels that no rule can have: its name and instance are reserved.
    /// </summary>
    private static AlertSignal Refine(JsonElement alert, AlertSignal signal)
    {
        var name = signal.Labels.GetValueOrDefault("alertname");
        if (name == "TestAlert" && signal.Labels.GetValueOrDefault("instance") == "Grafana")
        {
            return signal.AsTest();
        }

        var reason = alert.Part("annotations")?.Text("grafana_state_reason");
        Dictionary<string, string> labels = new(signal.Labels);
        labels.AddLabel("grafana.state_reason", reason);
        var read = signal with { Labels = labels, Name = IsOfTheSource(name) ? $"{name}: {labels.GetValueOrDefault("rulename", "a rule")}" : signal.Name };
        return read.Ignored is null && (name == "DatasourceError" || reason == "Error")
            ? read with { Ignored = IgnoredAlert.NotFiring, Detail = "Grafana could not evaluate the rule (Error)." }
            : read;
    }

    private static bool IsOfTheSource(string? name) => name is "DatasourceError" or "DatasourceNoData";
}
