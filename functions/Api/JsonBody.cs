using System.Text.Json;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Api;

/// <summary>Reads a request's body as JSON, bounded.</summary>
internal static class JsonBody
{
    /// <summary>An order is some hundred bytes; its texts are bounded to a few thousand characters.</summary>
    private const int MostBytes = 64 * 1024;

    /// <summary>The document, or the fault that prevents reading one.</summary>
    public static async Task<(JsonDocument? Document, CaptureFault? Fault)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = new byte[MostBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > MostBytes)
        {
            return (null, new(FaultCodes.OrderInvalid, $"The body is larger than {MostBytes} bytes.", "Send the order alone.", "$"));
        }

        try
        {
            return (JsonDocument.Parse(body.AsMemory(0, length), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 }), null);
        }
        catch (JsonException e)
        {
            return (null, new(
                FaultCodes.OrderInvalid, "The body is no JSON document.", "Send e.g. {\"target\":{\"pod\":\"shop/web\"},\"window\":{\"duration\":\"30s\"}}.", "$", e.Message));
        }
    }
}
