using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using k8s;
using k8s.Autorest;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Opens the socket of an exec. .NET keeps no body of a refused upgrade, so the server's own words are asked for by the same request without
/// the upgrade, which runs nothing; status and headers (Retry-After) are those of the upgrade.
/// </summary>
/// <param name="http">The cluster's other requests go through it.</param>
/// <param name="trust">How that one tells whom it speaks to, and who it is.</param>
/// <param name="proxy">The way that it goes.</param>
/// <param name="impersonation">Headers that it adds.</param>
internal sealed class ExecSocketBuilder(
    HttpClient http, SslClientAuthenticationOptions trust, IWebProxy? proxy, IReadOnlyList<KeyValuePair<string, string>> impersonation) : WebSocketBuilder
{
    // A container that is only just starting answers so, and is asked every 100 ms: not worth a second request each time.
    private static readonly int[] Expected = [400, 404];

    private readonly Dictionary<string, string> _headers = [];

    public override WebSocketBuilder SetRequestHeader(string headerName, string headerValue)
    {
        _headers[headerName] = headerValue;
        return base.SetRequestHeader(headerName, headerValue);
    }

    public override async Task<WebSocket> BuildAndConnectAsync(Uri uri, CancellationToken cancellationToken)
    {
        Options.CollectHttpResponseDetails = true;
        try
        {
            // What it took from the library is the same, but for the server's name.
            Options.RemoteCertificateValidationCallback = null;
            Options.ClientCertificates = [];
            using var handler = new SocketsHttpHandler { ConnectCallback = ReadAheadConnection.ConnectAsync, SslOptions = trust, Proxy = proxy, UseCookies = false };
            using var adding = new HeaderAdding(impersonation) { InnerHandler = handler };
            using var invoker = new HttpMessageInvoker(adding, disposeHandler: false);
            await WebSocket.ConnectAsync(uri, invoker, cancellationToken);
            return WebSocket;
        }
        catch (WebSocketException e) when ((int)WebSocket.HttpStatusCode >= 400)
        {
            var status = (int)WebSocket.HttpStatusCode;
            var body = status >= 500 || Expected.Contains(status) ? null : await TryReadAsync(uri, status, cancellationToken);
            using var answer = new HttpResponseMessage(WebSocket.HttpStatusCode);
            foreach (var (name, values) in WebSocket.HttpResponseHeaders ?? new Dictionary<string, IEnumerable<string>>())
            {
                answer.Headers.TryAddWithoutValidation(name, values);
            }

            throw new HttpOperationException(e.Message, e) { Response = new HttpResponseMessageWrapper(answer, body ?? e.Message) };
        }
    }

    // Null when nothing, or something else, is said: the upgrade's own status stands.
    private async Task<string?> TryReadAsync(Uri uri, int status, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(uri) { Scheme = uri.Scheme == "wss" ? "https" : "http" }.Uri);
        foreach (var (name, value) in _headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
            return (int)response.StatusCode == status ? await response.Content.ReadAsStringAsync(cancellationToken) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
