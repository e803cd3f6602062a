using System.Text.Json;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// Reads an order from a request's JSON: shape, types and units, every fault at once. What policy and the cluster say to it is the plan's
/// business, so that those faults, too, are reported together.
/// </summary>
internal sealed class OrderReader
{
    private static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(30);

    /// <summary>About 380,000 packets of header snap length; arrives within seconds over an API server's exec.</summary>
    private const long DefaultMaxBytes = 100L << 20;

    private readonly List<CaptureFault> _faults = [];

    /// <summary>The order under <paramref name="captureId"/>, or null and the faults.</summary>
    public static (CaptureOrder? Order, IReadOnlyList<CaptureFault> Faults) Read(
        JsonElement body, string captureId, string requestedBy, DateTimeOffset requestedAt)
    {
        var reader = new OrderReader();
        if (body.ValueKind != JsonValueKind.Object)
        {
            return (null, [reader.Fault("$", "The body is no JSON object.", "Send e.g. {\"target\":{\"pod\":\"shop/web\"}}.")]);
        }

        reader.NameUnknown(body, "", "target", "window", "filter", "reason");
        var order = new CaptureOrder(
            captureId,
            reader.ReadTarget(body),
            reader.ReadWindow(body),
            reader.ReadText(body, "filter", "filter") is { Length: > 0 } filter ? filter : null,
            requestedBy,
            reader.ReadText(body, "reason", "reason"),
            requestedAt);
        return reader._faults.Count == 0 ? (order, []) : (null, reader._faults);
    }

    private CaptureTarget ReadTarget(JsonElement body)
    {
        if (!body.TryGetProperty("target", out var target) || target.ValueKind != JsonValueKind.Object)
        {
            Fault("target", "The order has no target.", "Add \"target\": {\"pod\": \"NAMESPACE/POD\"}.");
            return new CaptureTarget("", "");
        }

        NameUnknown(target, "target.", "pod", "container", "cluster");
        var parts = ReadText(target, "pod", "target.pod")?.Split('/') ?? [];
        if (parts.Length != 2)
        {
            Fault("target.pod", "The target names no pod.", "Write \"pod\": \"NAMESPACE/POD\".");
            return new CaptureTarget("", "");
        }

        return new CaptureTarget(parts[0], parts[1], ReadText(target, "container", "target.container"), ReadText(target, "cluster", "target.cluster"));
    }

    private CaptureWindow ReadWindow(JsonElement body)
    {
        if (!body.TryGetProperty("window", out var window) || window.ValueKind == JsonValueKind.Null)
        {
            return new CaptureWindow(DefaultDuration, CaptureWindow.HeaderSnapLength, DefaultMaxBytes);
        }

        if (window.ValueKind != JsonValueKind.Object)
        {
            Fault("window", "The window is no JSON object.", "Write \"window\": {\"duration\": \"30s\"}, or leave it out for 30 s.");
            return new CaptureWindow(DefaultDuration, CaptureWindow.HeaderSnapLength, DefaultMaxBytes);
        }

        NameUnknown(window, "window.", "duration", "snapLength", "maxBytes", "maxPackets");
        return new CaptureWindow(ReadDuration(window), ReadSnapLength(window), ReadMaxBytes(window), ReadMaxPackets(window));
    }

    private TimeSpan ReadDuration(JsonElement window)
    {
        if (ReadText(window, "duration", "window.duration") is not { } text)
        {
            return DefaultDuration;
        }

        if (!Quantities.TryParseDuration(text, out var duration))
        {
            Fault("window.duration", $"'{text}' is no duration.", "Write e.g. \"30s\", \"5m\" or \"PT30S\".");
        }

        return duration;
    }

    private int ReadSnapLength(JsonElement window)
    {
        if (!TryGet(window, "snapLength", out var value))
        {
            return CaptureWindow.HeaderSnapLength;
        }

        if (value.ValueKind == JsonValueKind.String && value.ValueEquals("full"))
        {
            return CaptureWindow.FullSnapLength;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var bytes))
        {
            return bytes;
        }

        Fault("window.snapLength", "The snap length is neither a whole number nor \"full\".", "Write a number of bytes, e.g. 256, or \"full\".");
        return CaptureWindow.HeaderSnapLength;
    }

    private long ReadMaxBytes(JsonElement window)
    {
        if (!TryGet(window, "maxBytes", out var value))
        {
            return DefaultMaxBytes;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var bytes))
        {
            return bytes;
        }

        if (value.ValueKind == JsonValueKind.String && Quantities.TryParseSize(value.GetString(), out bytes))
        {
            return bytes;
        }

        Fault("window.maxBytes", "The byte bound is no size.", "Write a number of bytes, or e.g. \"100MB\" or \"64MiB\".");
        return DefaultMaxBytes;
    }

    private long? ReadMaxPackets(JsonElement window)
    {
        if (!TryGet(window, "maxPackets", out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var packets))
        {
            return packets;
        }

        Fault("window.maxPackets", "The packet bound is no whole number.", "Write e.g. 1000, or leave it out.");
        return null;
    }

    private string? ReadText(JsonElement parent, string name, string field)
    {
        if (!TryGet(parent, name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        Fault(field, $"'{field}' is no text.", "Put it in double quotes.");
        return null;
    }

    private static bool TryGet(JsonElement parent, string name, out JsonElement value) =>
        parent.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private void NameUnknown(JsonElement parent, string prefix, params ReadOnlySpan<string> known)
    {
        foreach (var property in parent.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                Fault(prefix + property.Name, $"There is no field '{prefix}{property.Name}'.", $"Known here: {string.Join(", ", known.ToArray())}.");
            }
        }
    }

    private CaptureFault Fault(string field, string message, string remedy)
    {
        var fault = new CaptureFault(FaultCodes.OrderInvalid, message, remedy, field);
        _faults.Add(fault);
        return fault;
    }
}
