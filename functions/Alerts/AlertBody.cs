using CaptureFlow.Functions.Alerts.Authentication;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CaptureFlow.Functions.Alerts;

/// <summary>The raw body of a call, read once and bounded.</summary>
internal static class AlertBody
{
    /// <summary>
    /// Largest message of a sender that is authenticated by then, bytes. A group of 900 alerts with long annotations is 0.8 MB;
    /// Alertmanager sends whatever there is, unless its <c>max_alerts</c> says otherwise (prometheus/alertmanager#2274).
    /// </summary>
    public const int MostBytes = 8 * 1024 * 1024;

    /// <summary>
    /// Largest message whose signature has to be read before anything is known of its sender, bytes. Azure Monitor and PagerDuty stay
    /// below 256 KB.
    /// </summary>
    public const int MostSignedBytes = 512 * 1024;

    public static int MostOf(AlertAuthenticationOptions options) => options.Kind == AlertAuthenticationKinds.Hmac ? MostSignedBytes : MostBytes;

    /// <summary>
    /// How many times as much as is taken is read all the same, and dropped: a connection that is cut while its sender writes takes the
    /// answer with it.
    /// </summary>
    private const int Discarded = 4;

    private const int BeyondTheServersBound = -1;

    /// <summary>Null when it is larger; the rest of it has been read by then, so that the sender hears why.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        // The server's own bound is meant for orders, and for strangers.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bound && bound.MaxRequestBodySize < Discarded * most)
        {
            bound.MaxRequestBodySize = Discarded * most;
        }

        using var body = new MemoryStream();
        if (request.ContentLength is null || request.ContentLength <= most)
        {
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await ReadSomeAsync(request, buffer, cancellationToken)) > 0 && body.Length + read <= most)
            {
                body.Write(buffer.AsSpan(0, read));
            }

            if (read == 0)
            {
                return body.GetBuffer().AsMemory(0, (int)body.Length);
            }
        }

        await DiscardAsync(request, Discarded * most, cancellationToken);
        return null;
    }

    /// <summary>Of a stranger's, as much as a signed message may have.</summary>
    public static Task DiscardAsync(HttpRequest request, CancellationToken cancellationToken) => DiscardAsync(request, MostSignedBytes, cancellationToken);

    private static async Task DiscardAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        for (var discarded = 0L; discarded < most && await ReadSomeAsync(request, buffer, cancellationToken) is > 0 and var read; discarded += read)
        {
        }
    }

    /// <returns>0 at the end; less where the server's own bound is reached.</returns>
    private static async Task<int> ReadSomeAsync(HttpRequest request, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await request.Body.ReadAsync(buffer, cancellationToken);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return BeyondTheServersBound;
        }
    }

    public static CaptureFault TooLarge(string source, int most) => new(
        FaultCodes.AlertInvalid,
        $"The message is larger than {most} bytes.",
        source switch
        {
            "alertmanager" => "Set max_alerts in Alertmanager's webhook_config, e.g. max_alerts: 500. What it leaves out is counted.",
            "grafana" => "Set Max Alerts at the contact point, e.g. to 100. What it leaves out is counted.",
            _ => "Let the sender group fewer alerts.",
        });
}
