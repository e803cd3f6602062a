using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.Tests.CommandLine;

/// <summary>A server in a handler: answers with the states it was given, one per question, the last one for ever.</summary>
internal sealed class FakeServer : HttpMessageHandler
{
    public const string Id = "cf-0123456789abcdef";
    private readonly ConcurrentQueue<CaptureStatus> _states = new();
    private CaptureStatus _state = new() { Id = Id, Status = CaptureState.Planning };

    /// <summary>Method, path and body of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What a cancel leads to; null ignores it.</summary>
    public CaptureStatus? AfterCancel { get; init; }

    /// <summary>Answers every order in its stead.</summary>
    public (HttpStatusCode Status, string Body)? Refusal { get; init; }

    /// <summary>What the list answers, one body per question.</summary>
    public Queue<string> Pages { get; init; } = new();

    /// <summary>The queries of the list.</summary>
    public List<string> Queries { get; } = [];

    /// <summary>Answers every stop and cancel in its stead.</summary>
    public (HttpStatusCode Status, string Body)? EndRefusal { get; init; }

    public byte[] File { get; init; } = [];

    /// <summary>Whether the capture stored anything.</summary>
    public bool HasManifest { get; init; } = true;

    public string Manifest { get; init; } = "{}";

    public string Log { get; init; } = "{}\n";

    /// <summary>Answers what the file shows; 404 when not given.</summary>
    public (HttpStatusCode Status, string Body)? Triage { get; init; }

    /// <summary>Answers a download with a link to there.</summary>
    public Uri? Link { get; init; }

    /// <summary>The requests to the link's host that carried the key.</summary>
    public int KeysGivenAway { get; private set; }

    /// <summary>Throws instead of answering the next questions, as an unreachable server.</summary>
    public int Unreachable { get; set; }

    /// <summary>Answers as many cancels with 503.</summary>
    public int CancelsRefused { get; set; }

    public static CaptureStatus Status(CaptureState state, params StepRecord[] timeline) =>
        new() { Id = Id, Status = state, Progress = new(state, timeline) };

    public FakeServer Then(params ReadOnlySpan<CaptureStatus> states)
    {
        foreach (var state in states)
        {
            _states.Enqueue(state);
        }

        return this;
    }

    public CaptureApiClient Client() => new(new("http://127.0.0.1:1"), "a-function-key", this);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        var body = request.Content is null ? string.Empty : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Enqueue($"{request.Method} {path} {body}".Trim());
        if (request.Method == HttpMethod.Get && Unreachable-- > 0)
        {
            throw new HttpRequestException("Connection refused");
        }

        if (request.RequestUri.Host == Link?.Host)
        {
            KeysGivenAway += request.Headers.Contains("x-functions-key") ? 1 : 0;
            return new(HttpStatusCode.OK) { Content = new ByteArrayContent(File) };
        }

        return (request.Method.Method, path) switch
        {
            (_, $"/api/captures/{Id}/files/capture.pcap") when Link is not null => new(HttpStatusCode.Found) { Headers = { Location = Link } },
            ("POST", "/api/captures") when Refusal is { } refusal => Answer(refusal.Status, refusal.Body),
            ("POST", "/api/captures") => Answer(HttpStatusCode.Accepted, Json(_state)),
            ("GET", "/api/captures") => Page(request.RequestUri.Query),
            ("POST", _) when EndRefusal is { } refusal => Answer(refusal.Status, refusal.Body),
            ("POST", _) => Cancel(),
            (_, $"/api/captures/{Id}") => Answer(HttpStatusCode.OK, Json(_state = _states.TryDequeue(out var next) ? next : _state)),
            (_, $"/api/captures/{Id}/manifest") when !HasManifest => Answer(HttpStatusCode.NotFound, "{}"),
            (_, $"/api/captures/{Id}/manifest") => Answer(HttpStatusCode.OK, Manifest),
            (_, $"/api/captures/{Id}/log") => Answer(HttpStatusCode.OK, Log),
            (_, $"/api/captures/{Id}/triage") when Triage is { } card => Answer(card.Status, card.Body),
            (_, $"/api/captures/{Id}/files/capture.pcap") => new(HttpStatusCode.OK) { Content = new ByteArrayContent(File) },
            _ => Answer(HttpStatusCode.NotFound, "{}"),
        };
    }

    private static string Json(CaptureStatus status) => JsonSerializer.Serialize(status, CaptureJson.Options);

    private static HttpResponseMessage Answer(HttpStatusCode status, string body) => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private HttpResponseMessage Page(string query)
    {
        Queries.Add(query);
        return Answer(HttpStatusCode.OK, Pages.Dequeue());
    }

    private HttpResponseMessage Cancel()
    {
        if (CancelsRefused-- > 0)
        {
            return Answer(HttpStatusCode.ServiceUnavailable, "{}");
        }

        if (AfterCancel is not null)
        {
            _states.Clear();
            _states.Enqueue(_state with { Status = CaptureState.Cancelling });
            _states.Enqueue(AfterCancel);
        }

        return Answer(HttpStatusCode.Accepted, "{}");
    }
}
