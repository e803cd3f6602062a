using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CaptureFlow.Local.CommandLine;

/// <summary>How much of each packet is kept.</summary>
/// <param name="Bytes">Null keeps whole packets.</param>
internal sealed record SnapLength(int? Bytes)
{
    public static SnapLength Full { get; } = new((int?)null);

    public static bool TryParse(string text, out SnapLength length)
    {
        length = Full;
        if (text == "full")
        {
            return true;
        }

        var valid = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes);
        length = new(bytes);
        return valid;
    }
}

/// <summary>A number, or the word <c>full</c>.</summary>
internal sealed class SnapLengthConverter : JsonConverter<SnapLength>
{
    public override SnapLength Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? new(reader.GetInt32()) : SnapLength.Full;

    public override void Write(Utf8JsonWriter writer, SnapLength value, JsonSerializerOptions options)
    {
        if (value.Bytes is { } bytes)
        {
            writer.WriteNumberValue(bytes);
        }
        else
        {
            writer.WriteStringValue("full");
        }
    }
}
