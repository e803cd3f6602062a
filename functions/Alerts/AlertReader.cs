using System.Text.Json;
using CaptureFlow.Functions.Alerts.Bindings;
using CaptureFlow.Functions.Alerts.Sources;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Alerts;

/// <summary>Reads a message in the format of its binding's source.</summary>
internal static class AlertReader
{
    /// <summary>The message; or what is wrong with it, in words that repeat none of it.</summary>
    public static (AlertMessage? Message, CaptureFault? Fault) Read(AlertBinding binding, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonBody.WithoutMark(body), AlertJson.Document);
            return (AlertSources.All[binding.Options.Source].Read(document.RootElement), null);
        }
        catch (Exception e) when (e is JsonException or AlertFormatException or InvalidOperationException)
        {
            // Bad UTF-8 inside a text is only seen when it is read, as an InvalidOperationException.
            return (null, new(
                FaultCodes.AlertInvalid,
                e is AlertFormatException ? e.Message : "The message is no JSON document.",
                "Let the sender use the format that docs/alerts.md names for this source."));
        }
    }
}
