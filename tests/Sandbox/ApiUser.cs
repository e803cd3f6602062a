using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;
using CaptureFlow.Sandbox.Scenarios;

namespace CaptureFlow.Sandbox.Tests;

/// <summary>A user of the API with plain HTTP, made from a kubeconfig file.</summary>
internal sealed class ApiUser : IDisposable
{
    private readonly Uri _server;
    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2? _certificate;
    private readonly HttpClient _client;

    private ApiUser(Uri server, X509Certificate2 authority, X509Certificate2? certificate, string token)
    {
        (_server, _authority, _certificate, Token) = (server, authority, certificate, token);
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = IsServer;
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        _client = new HttpClient(handler) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(60) };
        if (token.Length > 0)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    internal string Token { get; }

    internal static ApiUser Of(string kubeconfig)
    {
        var config = YamlDocuments.Read(File.ReadAllText(kubeconfig)).Single();
        var cluster = config.Items("clusters").Single().At("cluster");
        var user = config.Items("users").Single().At("user");
        var certificate = user.Text("client-certificate-data") is { } data
            ? X509Certificate2.CreateFromPem(Decode(data), Decode(user.Text("client-key-data")!))
            : null;
        return new ApiUser(
            new Uri(cluster.Text("server")!),
            X509Certificate2.CreateFromPem(Decode(cluster.Text("certificate-authority-data")!)),
            certificate,
            user.Text("token") ?? "");
    }

    internal ApiUser WithToken(string token) => new(_server, _authority, null, token);

    internal async Task<(int Code, JsonNode? Body)> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type);
        }

        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.StartsWith('{') || text.StartsWith('[') ? JsonNode.Parse(text) : JsonValue.Create(text));
    }

    internal Task<(int Code, JsonNode? Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    internal Task<(int Code, JsonNode? Body)> PostAsync(string path, JsonNode body) => SendAsync(HttpMethod.Post, path, body.ToText());

    internal Task<(int Code, JsonNode? Body)> PatchAsync(string path, JsonNode body) =>
        SendAsync(HttpMethod.Patch, path, body.ToText(), "application/strategic-merge-patch+json");

    internal Task<(int Code, JsonNode? Body)> DeleteAsync(string path, JsonNode? body = null) =>
        SendAsync(HttpMethod.Delete, path, body?.ToText());

    internal Task<Stream> StreamAsync(string path) => _client.GetStreamAsync(new Uri(path, UriKind.Relative));

    internal async Task<ClientWebSocket> OpenAsync(string path, string protocol)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        socket.Options.RemoteCertificateValidationCallback = IsServer;
        socket.Options.CollectHttpResponseDetails = true;
        if (_certificate is not null)
        {
            socket.Options.ClientCertificates = [_certificate];
        }
        else
        {
            socket.Options.SetRequestHeader("Authorization", $"Bearer {Token}");
        }

        await socket.ConnectAsync(new Uri($"wss://{_server.Authority}{path}"), CancellationToken.None);
        return socket;
    }

    public void Dispose()
    {
        _client.Dispose();
        _authority.Dispose();
        _certificate?.Dispose();
    }

    private bool IsServer(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        using var own = new X509Chain();
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.Add(_authority);
        return !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && own.Build((X509Certificate2)certificate!);
    }

    private static string Decode(string data) => Encoding.ASCII.GetString(Convert.FromBase64String(data));
}
