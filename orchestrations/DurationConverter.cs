using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// Durations as ISO 8601 (<c>PT30S</c>), which an order takes too. Reads also the default's <c>00:00:30</c>: documents that are stored have it.
/// </summary>
internal sealed class DurationConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        try
        {
            return text is ['P', ..] or ['-', 'P', ..] ? XmlConvert.ToTimeSpan(text) : TimeSpan.ParseExact(text ?? "", "c", CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new JsonException("This is no duration.", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(XmlConvert.ToString(value));
}
