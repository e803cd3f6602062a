using System.Text.Json;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>Reads the window of an order.</summary>
internal sealed class WindowReader(OrderFields fields)
{
    private static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(30);

    public CaptureWindow Read(JsonElement body)
    {
        if (!body.TryGetProperty("window", out var window) || window.ValueKind == JsonValueKind.Null)
        {
            return new CaptureWindow(DefaultDuration, CaptureWindow.HeaderSnapLength, CaptureWindow.DefaultMaxBytes);
        }

        if (window.ValueKind != JsonValueKind.Object)
        {
            fields.Fault("window", "The window is no JSON object.", "Write \"window\": {\"duration\": \"30s\"}, or leave it out for 30 s.");
            return new CaptureWindow(DefaultDuration, CaptureWindow.HeaderSnapLength, CaptureWindow.DefaultMaxBytes);
        }

        fields.NameUnknown(window, "window.", "duration", "snapLength", "maxBytes", "maxPackets");
        return new CaptureWindow(ReadDuration(window), ReadSnapLength(window), ReadMaxBytes(window), ReadMaxPackets(window));
    }

    private TimeSpan ReadDuration(JsonElement window)
    {
        if (OrderFields.TryGet(window, "duration", out var value) && value.ValueKind == JsonValueKind.Number)
        {
            fields.Fault("window.duration", $"{Echo.Of(value.GetRawText())} has no unit.", $"Write e.g. \"{Echo.Of(value.GetRawText())}s\" for seconds, or \"5m\".");
            return DefaultDuration;
        }

        if (fields.ReadText(window, "duration", "window.duration") is not { } text)
        {
            return DefaultDuration;
        }

        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            fields.Fault("window.duration", $"'{Echo.Of(text)}' has no unit.", $"Write e.g. \"{Echo.Of(text)}s\" for seconds, or \"5m\".");
            return DefaultDuration;
        }

        if (!Quantities.TryParseDuration(text, out var duration))
        {
            fields.Fault("window.duration", $"'{Echo.Of(text)}' is not a duration.", "Write e.g. \"30s\", \"1m30s\" or \"PT30S\".");
        }

        return duration;
    }

    private int ReadSnapLength(JsonElement window)
    {
        if (!OrderFields.TryGet(window, "snapLength", out var value))
        {
            return CaptureWindow.HeaderSnapLength;
        }

        if (value.ValueKind == JsonValueKind.String && value.ValueEquals("full"))
        {
            return CaptureWindow.FullSnapLength;
        }

        if (OrderFields.TryGetWhole(value, out var bytes) && bytes is >= int.MinValue and <= int.MaxValue)
        {
            return (int)bytes;
        }

        fields.Fault("window.snapLength", "The snap length is neither a whole number nor \"full\".", "Write a number of bytes, e.g. 256, or \"full\".");
        return CaptureWindow.HeaderSnapLength;
    }

    private long ReadMaxBytes(JsonElement window)
    {
        if (!OrderFields.TryGet(window, "maxBytes", out var value))
        {
            return CaptureWindow.DefaultMaxBytes;
        }

        if (OrderFields.TryGetWhole(value, out var bytes))
        {
            return bytes;
        }

        if (value.ValueKind == JsonValueKind.String && Quantities.TryParseSize(value.GetString(), out bytes))
        {
            return bytes;
        }

        fields.Fault("window.maxBytes", "The byte bound is no size.", "Write a number of bytes, or e.g. \"100MB\" or \"64MiB\".");
        return CaptureWindow.DefaultMaxBytes;
    }

    private long? ReadMaxPackets(JsonElement window)
    {
        if (!OrderFields.TryGet(window, "maxPackets", out var value))
        {
            return null;
        }

        if (OrderFields.TryGetWhole(value, out var packets))
        {
            return packets;
        }

        fields.Fault("window.maxPackets", "The packet bound is no whole number.", "Write e.g. 1000, or leave it out.");
        return null;
    }
}
