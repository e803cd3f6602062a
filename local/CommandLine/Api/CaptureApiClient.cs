using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using CaptureFlow.Functions.Reaping;
using CaptureFlow.Functions.Triage;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Speaks to a CaptureFlow server, in this process or elsewhere.</summary>
internal sealed class CaptureApiClient : ICaptureApi, IDisposable
{
    /// <summary>What is not asked for is not sent: the server has the defaults.</summary>
    private static readonly JsonSerializerOptions Json = MakeJson();
    private static readonly TimeSpan CallCap = TimeSpan.FromSeconds(30);

    /// <summary>The server asks the cluster before it answers, and gives it 30 s to come back.</summary>
    private static readonly TimeSpan PlanCap = TimeSpan.FromSeconds(90);

    /// <summary>The server asks every cluster, and gives each a minute.</summary>
    private static readonly TimeSpan AuditCap = TimeSpan.FromSeconds(90);

    /// <summary>The server waits for each thing until it is gone, or says that it is not.</summary>
    private static readonly TimeSpan TakeBackCap = TimeSpan.FromMinutes(5);

    /// <summary>The server takes two minutes at most where the card is not there yet, if it is not told otherwise.</summary>
    private static readonly TimeSpan TriageCap = TimeSpan.FromSeconds(150);
    private readonly HttpClient _http;

    /// <summary>For links to the store: without the key, which is the server's business alone.</summary>
    private readonly HttpClient _links;

    /// <summary>A file's bytes come at least this often, or the transfer is given up.</summary>
    private static readonly TimeSpan StallCap = TimeSpan.FromSeconds(30);

    /// <param name="server">Without <c>/api</c>.</param>
    /// <param name="key">Function key; null sends none.</param>
    /// <param name="handler">Disposed with the client. It must not follow redirects by itself: it would send the key along.</param>
    /// <param name="signIn">Whose token is sent in place of a key; null for none. Disposed with the client.</param>
    public CaptureApiClient(Uri server, string? key, HttpMessageHandler handler, EntraSignIn? signIn = null)
    {
        // Caps are per call and per read below; a total would cut large downloads.
        _http = new(signIn is null ? handler : new SignedInHandler(signIn, server, handler), disposeHandler: true) { BaseAddress = new(server, "/api/"), Timeout = Timeout.InfiniteTimeSpan };
        _links = new(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        if (key is not null && signIn is null)
        {
            _http.DefaultRequestHeaders.Add("x-functions-key", key);
        }
    }

    public Task<ApiAnswer<CaptureStatus>> OrderAsync(CaptureRequest request, CancellationToken cancellationToken) =>
        AskAsync(token => _http.PostAsJsonAsync("captures", request, Json, token), ReadStatusAsync, cancellationToken);

    public Task<ApiAnswer<PlannedOrder>> PlanAsync(CaptureRequest request, CancellationToken cancellationToken) =>
        AskAsync(token => _http.PostAsJsonAsync("captures?dryRun=true", request, Json, token), ReadAsync<PlannedOrder>, cancellationToken, PlanCap);

    public Task<ApiAnswer<CaptureStatus>> GetAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(token => _http.GetAsync(Address(id), token), ReadStatusAsync, cancellationToken);

    public Task<ApiAnswer<ShownCapture>> ShowAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(token => _http.GetAsync(Address(id), token), async (content, token) => Shown(await ReadAsync<JsonElement>(content, token)), cancellationToken);

    public Task<ApiAnswer<CapturePage>> PageAsync(string query, CancellationToken cancellationToken) =>
        AskAsync(token => _http.GetAsync($"captures?{query}", token), ReadPageAsync, cancellationToken);

    public Task<ApiProblem?> CancelAsync(string id, CancellationToken cancellationToken) => EndAsync(id, "cancel", cancellationToken);

    public Task<ApiProblem?> StopAsync(string id, CancellationToken cancellationToken) => EndAsync(id, "stop", cancellationToken);

    public Task<ApiAnswer<CaptureList>> ListAsync(CancellationToken cancellationToken) =>
        AskAsync(token => _http.GetAsync("captures", token), ReadAsync<CaptureList>, cancellationToken);

    public Task<ApiAnswer<AuditView>> TakeBackAsync(CancellationToken cancellationToken) =>
        AskAsync(token => _http.PostAsync("audit/take-back", null, token), ReadAsync<AuditView>, cancellationToken, TakeBackCap);

    public async Task<ApiProblem?> DecideAsync(string id, bool approve, string? comment, CancellationToken cancellationToken)
    {
        var address = Address(id, approve ? "approve" : "deny");
        var answer = await AskAsync(
            token => _http.PostAsJsonAsync(address, new { Comment = comment }, Json, token), (_, _) => Task.FromResult<string?>(string.Empty), cancellationToken);
        return answer.Problem;
    }

    public Task<ApiAnswer<string>> ManifestAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(token => _http.GetAsync(Address(id, "manifest"), token), async (content, token) => await content.ReadAsStringAsync(token), cancellationToken);

    public Task<ApiAnswer<AuditView>> AuditAsync(CancellationToken cancellationToken) =>
        AskAsync(token => _http.GetAsync("audit", token), ReadAsync<AuditView>, cancellationToken, AuditCap);

    public Task<ApiAnswer<string>> LogAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(token => _http.GetAsync(Address(id, "log"), token), async (content, token) => await content.ReadAsStringAsync(token), cancellationToken);

    public Task<ApiAnswer<KeptCard>> TriageAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(token => _http.GetAsync(Address(id, "triage"), token), ReadAsync<KeptCard>, cancellationToken, TriageCap);

    public Task<ApiAnswer<string>> DownloadAsync(string id, string fileName, long bytes, Stream target, CancellationToken cancellationToken) =>
        AskAsync(
            token => GetFileAsync(Address(id, "files", fileName), token),
            (content, _) => CopyAsync(content, bytes, target, cancellationToken),
            cancellationToken);

    public void Dispose()
    {
        _links.Dispose();
        _http.Dispose();
    }

    /// <summary>The file, from the server or from where it points.</summary>
    private async Task<HttpResponseMessage> GetFileAsync(string address, CancellationToken cancellationToken)
    {
        var response = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.Found or HttpStatusCode.TemporaryRedirect) || response.Headers.Location is not { IsAbsoluteUri: true } link)
        {
            return response;
        }

        response.Dispose();
        if (link.Scheme != Uri.UriSchemeHttps && !link.IsLoopback)
        {
            throw new HttpRequestException($"The server points to {link.Host} without TLS, where the file could be read on the way.");
        }

        try
        {
            return await _links.GetAsync(link, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is not HttpRequestError.Unknown)
        {
            throw new HttpRequestException($"The store that the server points to does not answer: {e.Message}", e);
        }
    }

    private static string Address(params ReadOnlySpan<string> parts)
    {
        var address = "captures";
        foreach (var part in parts)
        {
            address += "/" + Uri.EscapeDataString(part);
        }

        return address;
    }

    private async Task<ApiProblem?> EndAsync(string id, string how, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(token => _http.PostAsync(Address(id, how), null, token), (_, _) => Task.FromResult<string?>(string.Empty), cancellationToken);
        return answer.Problem is { Status: 409 or 410 } ? null : answer.Problem;
    }

    private static JsonSerializerOptions MakeJson()
    {
        JsonSerializerOptions json = new(CaptureJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        json.Converters.Add(new PrintableTextConverter());
        return json;
    }

    private static async Task<CaptureStatus?> ReadStatusAsync(HttpContent content, CancellationToken cancellationToken) =>
        Checked(await ReadAsync<CaptureStatus>(content, cancellationToken));

    private static async Task<CapturePage?> ReadPageAsync(HttpContent content, CancellationToken cancellationToken) =>
        await ReadAsync<PageBody>(content, cancellationToken) is { } page ? new([.. page.Items.Select(Shown)], page.ContinuationToken) : null;

    private static ShownCapture Shown(JsonElement document) =>
        new(Checked(document.Deserialize<CaptureStatus>(Json)) ?? throw new JsonException("The server sent no capture."), document);

    /// <summary>Names of files are made of ids and pod names: one that is none ends here.</summary>
    private static CaptureStatus? Checked(CaptureStatus? status) =>
        status is null || (CaptureIds.IsValid(status.Id) && (status.Members ?? []).All(member => CaptureIds.IsValid(member.Id) && DnsNames.IsSubdomain(member.Pod)))
            ? status
            : throw new JsonException("The server sent a capture's id or a pod's name that is none. Is this address a CaptureFlow?");

    private static Task<T?> ReadAsync<T>(HttpContent content, CancellationToken cancellationToken) => content.ReadFromJsonAsync<T>(Json, cancellationToken);

    private static async Task<string?> CopyAsync(HttpContent content, long bytes, Stream target, CancellationToken cancellationToken)
    {
        await using var source = await content.ReadAsStreamAsync(cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var buffer = new byte[128 * 1024];
        for (long total = 0; ;)
        {
            stall.CancelAfter(StallCap);
            var read = await source.ReadAsync(buffer, stall.Token);
            total += read;
            if (read == 0 || total > bytes)
            {
                return total == bytes ? Convert.ToHexStringLower(hash.GetHashAndReset()) : throw new HttpRequestException($"The file has {bytes} bytes, and {total} arrived.");
            }

            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), stall.Token);
        }
    }

    private async Task<ApiAnswer<T>> AskAsync<T>(
        Func<CancellationToken, Task<HttpResponseMessage>> ask, Func<HttpContent, CancellationToken, Task<T?>> read, CancellationToken cancellationToken, TimeSpan? within = null)
        where T : class
    {
        using var cap = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        cap.CancelAfter(within ?? CallCap);
        try
        {
            using var response = await ask(cap.Token);
            if (!response.IsSuccessStatusCode)
            {
                return new(null, await ProblemAsync(response, cap.Token));
            }

            return await read(response.Content, cap.Token) is { } value ? new(value, null) : new(null, new(0, null, "The server sent an empty answer.", []));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, new(0, null, "The server did not answer in time.", []));
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            var server = _http.BaseAddress!.GetLeftPart(UriPartial.Authority);
            return new(null, new(0, null, $"No CaptureFlow answers at {server}: {e.Message}. Start one with `captureflow serve`, or name another with --server.", []));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or HttpIOException)
        {
            return new(null, new(0, null, e.Message, []));
        }
    }

    private static async Task<ApiProblem> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        try
        {
            var problem = await response.Content.ReadFromJsonAsync<ProblemBody>(Json, cancellationToken);
            return new(status, problem?.Code, problem?.Detail ?? problem?.Title ?? $"The server answered {status}.", problem?.Errors ?? []) { Checks = problem?.Checks ?? [] };
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            return new(status, null, $"The server answered {status} {response.ReasonPhrase}.", []);
        }
    }

    private sealed record PageBody(IReadOnlyList<JsonElement> Items, string? ContinuationToken);

    private sealed record ProblemBody(string? Code, string? Title, string? Detail, IReadOnlyList<CaptureFault>? Errors, IReadOnlyList<PreflightCheck>? Checks);
}
