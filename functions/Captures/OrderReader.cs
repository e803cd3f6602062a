using System.Globalization;
using System.Text.Json;
using CaptureFlow.Functions.Api;
using CaptureFlow.Functions.Notifications;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// Reads an order from a request's JSON: shape, types, units, and what no policy and no cluster could allow, every fault at once. What this
/// policy and the cluster say to it is the plan's business, so that those faults, too, are reported together.
/// </summary>
internal static class OrderReader
{
    /// <summary>The widest that configuration can be.</summary>
    private static readonly CapturePolicy Widest = Limits(CaptureCeilings.Duration, CaptureCeilings.Bytes, CaptureCeilings.Pods);

    /// <summary>
    /// The order under <paramref name="captureId"/>, or null and the faults. Where more than one limit is broken, the fault names the smallest, which
    /// may be that of <paramref name="policy"/>: whoever asks for what it names is not refused by the next one.
    /// </summary>
    public static (RequestedOrder? Order, IReadOnlyList<CaptureFault> Faults) Read(
        JsonElement body,
        string captureId,
        string requestedBy,
        DateTimeOffset requestedAt,
        CapturePolicy policy,
        string? requesterId = null,
        Callbacks? callbacks = null)
    {
        OrderFields fields = new();
        if (body.ValueKind != JsonValueKind.Object)
        {
            fields.Fault("$", "The body is no JSON object.", "Send e.g. {\"target\":{\"pod\":\"shop/web\"}}.");
            return (null, fields.Faults);
        }

        fields.NameUnknown(body, "", "target", "window", "filter", "reason", "callback");
        var (pod, fleet) = new TargetReader(fields).Read(body);
        var window = new WindowReader(fields).Read(body);
        var (filter, ports) = ReadFilter(body, fields);
        var reason = fields.ReadText(body, "reason", "reason");
        var callback = ReadCallback(body, fields, callbacks);
        RequestedOrder order = new(
            pod is null ? null : new CaptureOrder(captureId, pod, window, filter, requestedBy, reason, requestedAt, ports) { RequesterId = requesterId, Callback = callback },
            fleet is null ? null : new FleetOrder(captureId, fleet, window, filter, requestedBy, reason, requestedAt, ports) { RequesterId = requesterId, Callback = callback });
        IReadOnlyList<CaptureFault> faults = [.. fields.Faults, .. BrokenRules(order, policy, fields.Faults)];
        return faults.Count > 0 ? (null, faults) : (order, faults);
    }

    // A field that could not be read has its fault already; what stands in for it is not judged.
    private static IEnumerable<CaptureFault> BrokenRules(RequestedOrder order, CapturePolicy policy, IReadOnlyList<CaptureFault> known)
    {
        var named = Check(order, Limits(policy.MaxDuration, policy.MaxBytes, policy.MaxPods));
        return Check(order, Widest)
            .Where(broken => !known.Any(fault => fault.Field == broken.Field))
            .Select(broken => named.FirstOrDefault(fault => (fault.Code, fault.Field) == (broken.Code, broken.Field)) ?? broken)
            .Select(broken => broken with { Message = Echo.Short(broken.Message) });
    }

    private static CapturePolicy Limits(TimeSpan duration, long bytes, int pods) => new() { MaxDuration = duration, MaxBytes = bytes, MaxPods = pods, AllowNodes = true };

    private static IReadOnlyList<CaptureFault> Check(RequestedOrder order, CapturePolicy policy) =>
        order.Capture is { } one ? OrderRules.Check(one, policy) : order.Fleet is { } fleet ? FleetRules.Check(fleet, policy) : [];

    // Sealed from here on: nothing that is kept, shown or logged has the address itself.
    private static string? ReadCallback(JsonElement body, OrderFields fields, Callbacks? callbacks)
    {
        if (callbacks is null || fields.ReadText(body, "callback", "callback") is not { } address)
        {
            return null;
        }

        var (kept, problem, remedy) = callbacks.Seal(address);
        if (kept is null)
        {
            fields.Fault("callback", problem, remedy);
        }

        return kept;
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
        var port = OrderFields.TryGet(filter, "port", out var given) && given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : fields.ReadText(filter, "port", "filter.port");
        var service = fields.ReadText(filter, "service", "filter.service");
        return (expression is { Length: > 0 } ? expression : null, port is null && service is null ? null : new PortFilter(port, service));
    }
}
