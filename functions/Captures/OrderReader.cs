using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// Reads an order from a request's JSON: shape, types and units, every fault at once. What policy and the cluster say to it is the plan's
/// business, so that those faults, too, are reported together.
/// </summary>
internal static class OrderReader
{
    /// <summary>The order under <paramref name="captureId"/>, or null and the faults.</summary>
    public static (RequestedOrder? Order, IReadOnlyList<CaptureFault> Faults) Read(
        JsonElement body, string captureId, string requestedBy, DateTimeOffset requestedAt, string? requesterId = null)
    {
        OrderFields fields = new();
        if (body.ValueKind != JsonValueKind.Object)
        {
            fields.Fault("$", "The body is no JSON object.", "Send e.g. {\"target\":{\"pod\":\"shop/web\"}}.");
            return (null, fields.Faults);
        }

        fields.NameUnknown(body, "", "target", "window", "filter", "reason");
        var (pod, fleet) = new TargetReader(fields).Read(body);
        var window = new WindowReader(fields).Read(body);
        var (filter, ports) = ReadFilter(body, fields);
        var reason = fields.ReadText(body, "reason", "reason");
        return fields.Faults.Count > 0 ? (null, fields.Faults)
            : (new(
                pod is null ? null : new CaptureOrder(captureId, pod, window, filter, requestedBy, reason, requestedAt, ports) { RequesterId = requesterId },
                fleet is null ? null : new FleetOrder(captureId, fleet, window, filter, requestedBy, reason, requestedAt, ports) { RequesterId = requesterId }),
            []);
    }

    // A pcap expression; or an object with one, and with port or Service names that the plan looks up.
    private static (string? Filter, PortFilter? Ports) ReadFilter(JsonElement body, OrderFields fields)
    {
        if (!OrderFields.TryGet(body, "filter", out var filter) || filter.ValueKind != JsonValueKind.Object)
        {
            return (fields.ReadText(body, "filter", "filter") is { Length: > 0 } text ? text : null, null);
        }

        fields.NameUnknown(filter, "filter.", "expression", "port", "service");
        var expression = fields.ReadText(filter, "expression", "filter.expression");
        var port = OrderFields.TryGet(filter, "port", out var number) && number.ValueKind == JsonValueKind.Number
            ? number.GetRawText()
            : fields.ReadText(filter, "port", "filter.port");
        var service = fields.ReadText(filter, "service", "filter.service");
        return (expression is { Length: > 0 } ? expression : null, port is null && service is null ? null : new PortFilter(port, service));
    }
}
