namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>The senders that are understood, by their names in the route.</summary>
internal static class AlertSources
{
    public static readonly IReadOnlyDictionary<string, IAlertSource> All = new IAlertSource[]
    {
        new AlertmanagerSource(), new GrafanaSource(), new AzureMonitorSource(), new PagerDutySource(), new DatadogSource(), new GoogleCloudSource(),
    }.ToDictionary(source => source.Name, StringComparer.Ordinal);
}
