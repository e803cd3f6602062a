using System.Text.Json;

namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>
/// What a Pub/Sub push subscription puts around a message: <c>{"message": {"data": BASE64, …}, "subscription": …}</c>. One with payload
/// unwrapping sends the message alone.
/// </summary>
internal static class PubSubEnvelope
{
    public static bool Is(JsonElement message) =>
        message.Part("message") is { ValueKind: JsonValueKind.Object } && message.Part("subscription") is { ValueKind: JsonValueKind.String };

    /// <exception cref="AlertFormatException">There is no JSON document in it.</exception>
    public static JsonDocument Open(JsonElement envelope)
    {
        if (envelope.Part("message")?.Part("data") is not { ValueKind: JsonValueKind.String } data || !data.TryGetBytesFromBase64(out var bytes))
        {
            throw new AlertFormatException("The Pub/Sub message has no 'data' in base64.");
        }

        try
        {
            return JsonDocument.Parse(bytes, AlertJson.Document);
        }
        catch (JsonException)
        {
            throw new AlertFormatException("The data of the Pub/Sub message is no JSON document.");
        }
    }
}
