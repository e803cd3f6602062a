using System.Text.Json;

namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>
/// Azure Monitor's common alert schema. Labels: the essentials by their names, <c>alertTarget</c> (the first target), the custom
/// properties as <c>customProperties.NAME</c>, the dimensions of the conditions as <c>dimension.NAME</c>, and of a managed Prometheus the
/// alert's labels and annotations as <c>label.NAME</c> and <c>annotation.NAME</c>.
/// </summary>
internal sealed class AzureMonitorSource : IAlertSource
{
    public string Name => "azure-monitor";

    public AlertMessage Read(JsonElement message)
    {
        if (message.Text("schemaId") != "azureMonitorCommonAlertSchema")
        {
            throw new AlertFormatException("The message is not of Azure Monitor's common alert schema. Turn it on for this receiver.");
        }

        var data = message.Object("data", "data");
        var essentials = data.Object("essentials", "data.essentials");
        var condition = essentials.Needed("monitorCondition", "data.essentials.monitorCondition");
        Dictionary<string, string> labels = [];
        labels.AddLabels(essentials);
        foreach (var target in essentials.Items("alertTargetIDs").Take(1).Where(target => target.ValueKind == JsonValueKind.String))
        {
            labels.AddLabel("alertTarget", target.GetString());
        }

        labels.AddLabels(data.Part("customProperties"), "customProperties.");
        AddDimensions(labels, data);
        labels.AddLabels(data.Part("alertContext")?.Part("labels"), "label.");
        labels.AddLabels(data.Part("alertContext")?.Part("annotations"), "annotation.");
        AlertSignal signal = new(
            essentials.Text("alertRule") ?? "alert",
            $"{essentials.Text("firedDateTime")}\n{essentials.Needed("alertId", "data.essentials.alertId")}",
            labels,
            condition switch { "Fired" => null, "Resolved" => IgnoredAlert.Resolved, _ => IgnoredAlert.NotFiring });
        return new([signal with { Test = IsTest(essentials) }]);
    }

    /// <summary>What the action group's test sends are alerts of rules <c>test-…</c> on resources of a group <c>test-RG</c>.</summary>
    private static bool IsTest(JsonElement essentials) =>
        essentials.Text("alertRule")?.StartsWith("test-", StringComparison.Ordinal) == true
        && essentials.Items("alertTargetIDs").Where(id => id.ValueKind == JsonValueKind.String).Select(id => id.GetString()!)
            .Append(essentials.Text("alertId") ?? "")
            .Any(id => id.Contains("/test-rg/", StringComparison.OrdinalIgnoreCase));

    private static void AddDimensions(Dictionary<string, string> labels, JsonElement data)
    {
        var conditions = data.Part("alertContext")?.Part("condition") is { } condition ? condition.Items("allOf") : [];
        foreach (var dimension in conditions.SelectMany(one => one.Items("dimensions")))
        {
            if (dimension.Text("name") is { } name)
            {
                labels.AddLabel($"dimension.{name}", dimension.Text("value"));
            }
        }
    }
}
