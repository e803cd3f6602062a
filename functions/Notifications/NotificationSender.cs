using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Notifications;

/// <summary>
/// Sends one message. Only to the address in the configuration: redirects are not followed, so that a receiver cannot send us elsewhere. The
/// answer's body is not read.
/// </summary>
public sealed class NotificationSender(TimeProvider time) : IDisposable
{
    public const string SignatureHeader = "X-CaptureFlow-Signature";
    public const string TimestampHeader = "X-CaptureFlow-Timestamp";
    public const string IdHeader = "X-CaptureFlow-Id";

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = AnswerWithin,
    };

    /// <returns>The receiver's status.</returns>
    /// <exception cref="StepUnavailableException">It did not answer, or asks for another attempt (408, 425, 429, 5xx).</exception>
    internal async Task<HttpStatusCode> SendAsync(ReceiverOptions receiver, CaptureEnding ending, string? publicUrl, CancellationToken cancellationToken)
    {
        var body = receiver.Kind switch
        {
            ReceiverKinds.Slack => SlackMessage.Of(ending, publicUrl),
            ReceiverKinds.Teams => TeamsMessage.Of(ending, publicUrl),
            _ => WebhookMessage.Of(ending, publicUrl),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, receiver.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        request.Headers.Add(IdHeader, WatchedCapture.InstanceIdOf(ending.CaptureId));
        if (receiver.Secrets.Count > 0)
        {
            var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            request.Headers.Add(TimestampHeader, timestamp);
            request.Headers.Add(SignatureHeader, string.Join(',', receiver.Secrets.Select(secret => $"v1={Sign(secret, timestamp, body)}")));
        }

        var status = await StatusAsync(request, cancellationToken);
        return status is HttpStatusCode.RequestTimeout or (HttpStatusCode)425 or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
            ? throw new StepUnavailableException($"The receiver answered {(int)status}.")
            : status;
    }

    public void Dispose() => _http.Dispose();

    private static string Sign(string secret, string timestamp, byte[] body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes($"{timestamp}."), .. body]));

    private async Task<HttpStatusCode> StatusAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Without the exception: its words may hold the address, which may be a secret.
            throw new StepUnavailableException(e is HttpRequestException { HttpRequestError: var error } ? $"The receiver could not be reached: {error}." : "The receiver did not answer in time.");
        }
    }
}
