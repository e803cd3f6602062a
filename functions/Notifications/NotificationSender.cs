using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Notifications;

/// <summary>
/// Sends one message. Only to the address in the configuration: redirects are not followed, so that a receiver cannot send us elsewhere,
/// and what its name leads to is looked at. The answer's body is not read.
/// </summary>
public sealed class NotificationSender(TimeProvider time) : IDisposable
{
    public const string SignatureHeader = "X-CaptureFlow-Signature";
    public const string TimestampHeader = "X-CaptureFlow-Timestamp";
    public const string IdHeader = "X-CaptureFlow-Id";

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    /// <summary>Longest that a receiver may have us wait; attempts end after an hour anyway.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private static readonly HttpRequestOptionsKey<ReceiverOptions> ReceiverKey = new("receiver");

    private readonly ConcurrentDictionary<Uri, DateTimeOffset> _notBefore = new();

    /// <summary>For tests: how many addresses it remembers as having asked to be left alone.</summary>
    internal int Heeded => _notBefore.Count;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = ConnectAsync,
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
        if (_notBefore.TryGetValue(receiver.Url!, out var until) && time.GetUtcNow() < until)
        {
            throw new StepUnavailableException($"The receiver asked not to be told before {until:u}.");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, receiver.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        request.Options.Set(ReceiverKey, receiver);
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
            Heed(request.RequestUri!, response);
            return response.StatusCode;
        }
        catch (HttpRequestException e) when (e.InnerException is ReceiverRefusedException refused)
        {
            throw new StepUnavailableException(refused.Message);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Without the exception: its words may hold the address, which may be a secret.
            throw new StepUnavailableException(e is HttpRequestException { HttpRequestError: var error } ? $"The receiver could not be reached: {error}." : "The receiver did not answer in time.");
        }
    }

    /// <summary>A receiver that is asked again too early may turn everybody away for longer.</summary>
    private void Heed(Uri receiver, HttpResponseMessage response)
    {
        var now = time.GetUtcNow();
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
            && (response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - now) is { } wait && wait > TimeSpan.Zero)
        {
            // An order brings an address of its own along: what has passed is forgotten, whether anybody asks there again or not.
            foreach (var (address, until) in _notBefore)
            {
                _ = until <= now && _notBefore.TryRemove(address, out _);
            }

            _notBefore[receiver] = now + (wait < LongestWait ? wait : LongestWait);
        }
        else
        {
            _notBefore.TryRemove(receiver, out _);
        }
    }

    /// <summary>Behind a proxy it is the proxy's address that is connected to, and the proxy that says where messages may go.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var receiver = context.InitialRequestMessage.Options.TryGetValue(ReceiverKey, out var known)
            ? known
            : throw new InvalidOperationException("The request names no receiver.");
        if (HttpClient.DefaultProxy.GetProxy(receiver.Url!) is null)
        {
            return await ReceiverAddresses.ConnectAsync(context.DnsEndPoint, receiver, cancellationToken);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
