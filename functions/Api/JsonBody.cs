using System.Text.Json;
using System.Text.Unicode;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CaptureFlow.Functions.Api;

/// <summary>Reads a request's body as JSON: bounded, of the right content type, and readable to its last string.</summary>
internal static class JsonBody
{
    /// <summary>An order is some hundred bytes; its texts are bounded to a few thousand characters.</summary>
    public const int MostBytes = 64 * 1024;

    private const int MostDepth = 8;
    private const string Example = "Send e.g. {\"target\":{\"pod\":\"shop/web\"},\"window\":{\"duration\":\"30s\"}}.";

    /// <summary>The document, or the problem that prevents reading one.</summary>
    public static async Task<(JsonDocument? Document, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (UnsupportedType(request.Headers) is { } unsupported)
        {
            return (null, Problems.Of(StatusCodes.Status415UnsupportedMediaType, unsupported));
        }

        var (body, tooLarge) = await ReadBytesAsync(request, cancellationToken);
        return tooLarge is null ? Parse(body) : (null, tooLarge);
    }

    /// <summary>Null when a request that takes no body has none, or an empty one (<c>null</c>, <c>{}</c>); else the problem.</summary>
    public static async Task<IResult?> RefuseAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, tooLarge) = await ReadBytesAsync(request, cancellationToken);
        return tooLarge
            ?? (body.Span.Trim(" \t\r\n"u8) is var text && (text.IsEmpty || text.SequenceEqual("null"u8) || text.SequenceEqual("{}"u8))
                ? null
                : Problems.Of(StatusCodes.Status400BadRequest, new CaptureFault(FaultCodes.OrderInvalid, "This request takes no body.", "Send it without one.", "$")));
    }

    private static async Task<(ReadOnlyMemory<byte> Body, IResult? TooLarge)> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // What says beforehand that it is too large is not read at all.
        var body = new byte[MostBytes + 1];
        try
        {
            var length = request.ContentLength > MostBytes ? body.Length : await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
            return length > MostBytes ? (default, TooLarge()) : (WithoutMark(body.AsMemory(0, length)), null);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // The server's own bound, which is wider, and counts what it has read ahead.
            return (default, TooLarge());
        }
    }

    /// <summary>Windows editors write a byte order mark before UTF-8; RFC 8259, section 8.1, lets a reader pass over it.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) => body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;

    private static IResult TooLarge() => Problems.Of(
        StatusCodes.Status413PayloadTooLarge, new CaptureFault(FaultCodes.BodyTooLarge, $"The body is larger than {MostBytes} bytes.", "Send the order alone.", "$"));

    private static CaptureFault? UnsupportedType(IHeaderDictionary headers)
    {
        if (headers.ContentEncoding.Count > 0)
        {
            return new(FaultCodes.ContentTypeUnsupported, "The body is encoded.", "Send it as it is, without Content-Encoding.", "Content-Encoding");
        }

        var json = headers.ContentType.Count == 1
            && MediaTypeHeaderValue.TryParse(headers.ContentType[0], out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
        return json ? null : new(
            FaultCodes.ContentTypeUnsupported, "The body is not declared as JSON in UTF-8.", "Send the header Content-Type: application/json.", "Content-Type");
    }

    private static (JsonDocument? Document, IResult? Problem) Parse(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return Unreadable("The body is not UTF-8.");
        }

        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MostDepth });
            ReadTexts(document.RootElement);
            return (document, null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair, which JSON can write and no string can hold.
            document?.Dispose();
            return Unreadable((e as JsonException)?.Message ?? "A text in it has half a surrogate pair.");
        }
    }

    /// <summary>Every text once, so that one that cannot be read is found here and nowhere later.</summary>
    private static void ReadTexts(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadTexts(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    ReadTexts(property.Value);
                }

                break;
        }
    }

    private static (JsonDocument? Document, IResult? Problem) Unreadable(string why) => (null, Problems.Of(
        StatusCodes.Status400BadRequest, new CaptureFault(FaultCodes.OrderInvalid, "The body is no JSON document.", Example, "$", why)));
}
