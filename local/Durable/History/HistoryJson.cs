using System.Text.Json;
using System.Text.Json.Serialization;

namespace CaptureFlow.Local.Durable.History;

/// <summary>How history is written: apart from the application's own options, which may change between versions.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HistoryEvent))]
[JsonSerializable(typeof(Failure))]
[JsonSerializable(typeof(ParentCall))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class HistoryJson : JsonSerializerContext
{
    public static string Write(HistoryEvent item) => JsonSerializer.Serialize(item, Default.HistoryEvent);

    public static HistoryEvent Read(string json) => JsonSerializer.Deserialize(json, Default.HistoryEvent)
        ?? throw new JsonException("A history event is null.");
}
