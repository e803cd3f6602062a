namespace CaptureFlow.Functions.Alerts.Bindings;

/// <summary>Who may order captures by alert. Without a binding the route refuses everybody.</summary>
public sealed class AlertsOptions
{
    public const string Section = "CaptureFlow:Alerts";

    /// <summary>The bindings by name, the last part of the route.</summary>
    /// <value>Empty.</value>
    public IDictionary<string, AlertBindingOptions> Bindings { get; init; } = new Dictionary<string, AlertBindingOptions>(StringComparer.OrdinalIgnoreCase);
}
