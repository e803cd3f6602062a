using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>The HTTP API as a stranger uses it: JSON in, JSON out.</summary>
internal sealed class CaptureApi(Uri server) : IDisposable
{
    private static readonly string[] Ended = ["completed", "refused", "denied", "expired", "cancelled", "failed", "revokeUnproven", "notDiscarded"];

    private readonly HttpClient _http = new(new SocketsHttpHandler()) { BaseAddress = server, Timeout = TimeSpan.FromMinutes(1) };

    public Uri Server => server;

    /// <summary>The same API for another caller.</summary>
    public CaptureApi As(string header, string value)
    {
        CaptureApi other = new(server);
        other._http.DefaultRequestHeaders.Add(header, value);
        return other;
    }

    public async Task<string> OrderAsync(object order)
    {
        using var response = await _http.PostAsJsonAsync("/api/captures", order);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, body);
        return JsonNode.Parse(body)!["id"]!.GetValue<string>();
    }

    public async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, object? body = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var response = await _http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    /// <summary>Any request, without a body.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path)
    {
        using HttpRequestMessage request = new(method, path);
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async Task<JsonNode> GetAsync(string id) => JsonNode.Parse(await _http.GetStringAsync($"/api/captures/{id}"))!;

    public async Task<CaptureManifest> ManifestAsync(string id) =>
        (await _http.GetFromJsonAsync<CaptureManifest>($"/api/captures/{id}/manifest", CaptureJson.Options))!;

    public Task<byte[]> ManifestBytesAsync(string id) => _http.GetByteArrayAsync($"/api/captures/{id}/manifest");

    public Task<byte[]> LogAsync(string id) => _http.GetByteArrayAsync($"/api/captures/{id}/log");

    public Task<byte[]> TriageAsync(string id) => _http.GetByteArrayAsync($"/api/captures/{id}/triage");

    public Task<byte[]> FileAsync(string id) => _http.GetByteArrayAsync($"/api/captures/{id}/files/capture.pcap");

    /// <summary>The same for a file that does not fit into memory.</summary>
    public Task<Stream> OpenFileAsync(string id) => _http.GetStreamAsync($"/api/captures/{id}/files/capture.pcap");

    public Task<JsonNode> WhenAsync(string id, string status, TimeSpan? within = null) =>
        Until.FoundAsync($"{id} is {status}", within ?? Until.Patience, async () =>
        {
            var capture = await GetAsync(id);
            var now = capture["status"]!.GetValue<string>();
            Assert.False(Ended.Contains(now) && now != status, $"ended as {capture}");
            return now == status ? capture : null;
        });

    public Task<JsonNode> WhenEndedAsync(string id, TimeSpan? within = null) =>
        Until.FoundAsync($"{id} has ended", within ?? Until.Patience, async () =>
        {
            var capture = await GetAsync(id);
            return Ended.Contains(capture["status"]!.GetValue<string>()) ? capture : null;
        });

    public void Dispose() => _http.Dispose();
}
