using System.Text.Json;

namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>Grafana's unified alerting with its own message, not a custom payload. Labels are the alert's own.</summary>
internal sealed class GrafanaSource : IAlertSource
{
    public string Name => "grafana";

    public AlertMessage Read(JsonElement message) => message.Text("version") == "1" && message.Part("orgId") is not null
        ? AlertGroup.Read(message)
        : throw new AlertFormatException("The message is no Grafana webhook: version \"1\" with an orgId. A custom payload is not understood.");
}
