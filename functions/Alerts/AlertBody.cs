using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Alerts;

/// <summary>The raw body of a call, read once and bounded: signatures are over its bytes.</summary>
internal static class AlertBody
{
    /// <summary>Largest message, bytes; Azure Monitor sends up to 256 KB.</summary>
    public const int MostBytes = 512 * 1024;

    /// <summary>Null when it is larger.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MostBytes)
        {
            return null;
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            body.Write(buffer.AsSpan(0, read));
            if (body.Length > MostBytes)
            {
                return null;
            }
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
