using System.Text;
using Microsoft.Azure.Functions.Worker.Extensions.DurableTask.Http;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>
/// An orchestration that does nothing but call HTTP: the activity that Durable Functions calls for it is done here, and its timers are waited for. What comes
/// between them, the polling, is Durable Functions' own.
/// </summary>
internal sealed class HttpCallContext(HttpClient http) : TaskOrchestrationContext
{
    /// <summary>The requests in their order, with the status of each answer.</summary>
    public List<string> Requests { get; } = [];

    public List<TimeSpan> Pauses { get; } = [];

    public override TaskName Name => "Caller";

    public override string InstanceId => "caller";

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => TimeProvider.System.GetUtcNow().UtcDateTime;

    public override bool IsReplaying => false;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        Assert.Equal("BuiltIn::HttpActivity", name.Name);
        var call = Assert.IsType<DurableHttpRequest>(input);
        using HttpRequestMessage request = new(call.Method, call.Uri);
        foreach (var (header, values) in call.Headers ?? new Dictionary<string, Microsoft.Extensions.Primitives.StringValues>())
        {
            request.Headers.TryAddWithoutValidation(header, (IEnumerable<string?>)values);
        }

        if (call.Content is { } content)
        {
            request.Content = new StringContent(content, Encoding.UTF8, "application/json");
        }

        using var response = await http.SendAsync(request);
        Requests.Add($"{call.Method} {call.Uri.PathAndQuery} {(int)response.StatusCode}");
        DurableHttpResponse answer = new(response.StatusCode)
        {
            Headers = response.Headers.ToDictionary(header => header.Key, header => new Microsoft.Extensions.Primitives.StringValues([.. header.Value])),
            Content = await response.Content.ReadAsStringAsync(),
        };
        return (TResult)(object)answer;
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        var pause = fireAt - CurrentUtcDateTime;
        Pauses.Add(pause);
        return pause > TimeSpan.Zero ? Task.Delay(pause, cancellationToken) : Task.CompletedTask;
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) => throw new NotSupportedException();

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override void SetCustomStatus(object? customStatus) => throw new NotSupportedException();

    public override T? GetInput<T>()
        where T : default => throw new NotSupportedException();

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => throw new NotSupportedException();

    public override Guid NewGuid() => Guid.NewGuid();
}
