using System.Text;
using System.Text.Json.Nodes;

namespace CaptureFlow.Sandbox.Api;

/// <summary>
/// Reads a body of <c>application/vnd.kubernetes.protobuf</c>, in which kubectl's typed clients send even to a server that offers only JSON:
/// the envelope <c>k8s\0</c> + <c>runtime.Unknown</c>, and within it a message of <see cref="ProtobufSchema"/>.
/// </summary>
internal static class ProtobufBody
{
    internal const string ContentType = "application/vnd.kubernetes.protobuf";

    /// <summary>The object as JSON; null when the bytes are not of this form or of an unknown kind.</summary>
    internal static JsonObject? Read(ReadOnlySpan<byte> body)
    {
        if (!body.StartsWith("k8s\0"u8))
        {
            return null;
        }

        try
        {
            var (apiVersion, kind, raw) = ReadEnvelope(body[4..]);
            if (ProtobufSchema.Find(kind) is not { } schema)
            {
                return null;
            }

            var read = ReadMessage(raw, schema);
            read["apiVersion"] = apiVersion;
            read["kind"] = kind;
            return read;
        }
        catch (Exception fault) when (fault is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static (string ApiVersion, string Kind, byte[] Raw) ReadEnvelope(ReadOnlySpan<byte> bytes)
    {
        var (version, kind, raw) = ("", "", Array.Empty<byte>());
        while (NextField(ref bytes, out var number, out _, out var content))
        {
            if (number == 1)
            {
                var type = ReadMessage(content, ProtobufSchema.TypeMeta);
                (version, kind) = (type.Text("apiVersion") ?? "", type.Text("kind") ?? "");
            }
            else if (number == 2)
            {
                raw = content.ToArray();
            }
        }

        return (version, kind, raw);
    }

    private static JsonObject ReadMessage(ReadOnlySpan<byte> bytes, ProtobufSchema schema)
    {
        var message = new JsonObject();
        while (NextField(ref bytes, out var number, out var value, out var content))
        {
            if (!schema.Fields.TryGetValue(number, out var field))
            {
                continue;
            }

            switch (field.Form)
            {
                case ProtobufForm.Text when content.Length > 0:
                    message[field.Name] = Encoding.UTF8.GetString(content);
                    break;
                case ProtobufForm.Texts:
                    List(message, field.Name).Add((JsonNode)Encoding.UTF8.GetString(content));
                    break;
                case ProtobufForm.Number:
                    message[field.Name] = (long)value;
                    break;
                case ProtobufForm.Flag:
                    message[field.Name] = value != 0;
                    break;
                case ProtobufForm.Message:
                    message[field.Name] = ReadMessage(content, field.Schema!);
                    break;
                case ProtobufForm.Messages:
                    List(message, field.Name).Add((JsonNode)ReadMessage(content, field.Schema!));
                    break;
                case ProtobufForm.Map:
                    var entry = ReadMessage(content, ProtobufSchema.MapEntry);
                    message.Child(field.Name)[entry.Text("key") ?? ""] = entry.Text("value") ?? "";
                    break;
            }
        }

        return message;
    }

    private static JsonArray List(JsonObject message, string name)
    {
        if (message[name] is JsonArray list)
        {
            return list;
        }

        var made = new JsonArray();
        message[name] = made;
        return made;
    }

    private static bool NextField(ref ReadOnlySpan<byte> bytes, out int number, out ulong value, out ReadOnlySpan<byte> content)
    {
        number = 0;
        value = 0;
        content = default;
        if (bytes.IsEmpty)
        {
            return false;
        }

        var tag = Varint(ref bytes);
        number = (int)(tag >> 3);
        switch (tag & 7)
        {
            case 0:
                value = Varint(ref bytes);
                break;
            case 1:
                bytes = bytes[8..];
                break;
            case 2:
                var length = checked((int)Math.Min(Varint(ref bytes), int.MaxValue));
                content = bytes[..length];
                bytes = bytes[length..];
                break;
            case 5:
                bytes = bytes[4..];
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(bytes), "An unknown wire type.");
        }

        return true;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var one = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80)
            {
                break;
            }
        }

        return value;
    }
}
