using System.Text.Json;

namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>Prometheus Alertmanager, webhook version 4. Labels are the alert's own.</summary>
internal sealed class AlertmanagerSource : IAlertSource
{
    public string Name => "alertmanager";

    public AlertMessage Read(JsonElement message) => message.Text("version") == "4" && message.Part("orgId") is null
        ? AlertGroup.Read(message)
        : throw new AlertFormatException("The message is no Alertmanager webhook of version \"4\".");
}
