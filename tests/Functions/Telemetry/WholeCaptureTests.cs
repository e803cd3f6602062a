using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Local.Hosting;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Tests.Telemetry;

/// <summary>The real functions on the embedded engine, with a fake site: what a capture tells from its order to its revoke.</summary>
public sealed class WholeCaptureTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Ended = ["completed", "refused", "cancelled", "failed", "revokeUnproven", "notDiscarded"];

    private readonly string _folder = Directory.CreateTempSubdirectory("captureflow-telemetry-").FullName;
    private readonly SpanRecorder _spans = new();
    private LocalHost _host = null!;
    private HttpClient _http = null!;
    private MetricRecorder _metrics = null!;

    public async ValueTask InitializeAsync()
    {
        LocalApplication application = new(typeof(AddCaptureFlowExtensions).Assembly.GetTypes(), (services, configuration) =>
            services.AddCaptureFlow(configuration).Replace(ServiceDescriptor.Singleton<ICaptureSite, FakeSite>()));
        _host = await LocalHost.StartAsync(
            new() { Url = new("http://127.0.0.1:0"), StateFolder = _folder, Logging = logging => logging.ClearProviders() }, application, CancellationToken.None);
        _metrics = new(_host.Services.GetRequiredService<IMeterFactory>());
        _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _host.Url };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
        _metrics.Dispose();
        _spans.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Capture_ToItsEnd_CountsOnceEverywhere()
    {
        var (_, status) = await CaptureAsync("shop/web");

        Assert.Equal("completed", status);
        Assert.Equal(1, _metrics.Sums(MetricNames.CapturesStarted)[""]);
        var finished = Assert.Single(_metrics.Sums(MetricNames.CapturesFinished));
        Assert.Equal(("verdict=Lossy", 1), (finished.Key, finished.Value));
        Assert.Equal(FakeSite.File.Length, _metrics.Sums(MetricNames.BytesStored)[""]);
        Assert.Equal(FakeSite.Dropped, _metrics.Sums(MetricNames.PacketsDropped)["by=kernel"]);
        Assert.Empty(_metrics.Sums(MetricNames.RevocationsUnproven));
        // Replays come many times to a capture; each step ran once.
        var steps = _metrics.Counts(MetricNames.StepDuration).Where(step => !step.Key.Contains(CaptureSteps.ObserveCapture, StringComparison.Ordinal)).ToList();
        Assert.All(steps, step => Assert.Equal(1, step.Value));
        Assert.Equal(8, steps.Count);
        Assert.InRange(_metrics.Sums(MetricNames.StepDuration)["step=CaptureWindow,outcome=done"], 0.5, Patience.TotalSeconds);
    }

    [Fact]
    public async Task Capture_ToItsEnd_IsOneTraceOverAllSteps()
    {
        var (captureId, _) = await CaptureAsync("shop/web");

        var spans = _spans.Of(captureId).Where(span => span.OperationName != CaptureSteps.ObserveCapture).ToList();

        Assert.Equal(
            [
                CaptureSteps.PlanCapture, CaptureSteps.GrantPermission, CaptureSteps.AttachContainer, CaptureSteps.CaptureWindow, CaptureSteps.FinishCapture,
                CaptureSteps.RetrieveCapture, CaptureSteps.StoreCapture, CaptureSteps.RevokePermission,
            ],
            spans.OrderBy(span => span.StartTimeUtc).Select(span => span.OperationName));
        // As docs/azure.md tells a person to find it.
        var expected = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(captureId)))[..32];
        Assert.Equal([expected], spans.Select(span => span.TraceId.ToHexString()).Distinct());
        Assert.Single(spans.Select(span => span.ParentSpanId).Distinct());
        Assert.Equal("Lossy", spans.Single(span => span.OperationName == CaptureSteps.StoreCapture).GetTagItem(CaptureTrace.Verdict));
    }

    [Fact]
    public async Task Capture_Refused_FinishedWithoutAStart()
    {
        var (captureId, status) = await CaptureAsync("shop/refused");

        Assert.Equal("refused", status);
        Assert.Equal(1, _metrics.Sums(MetricNames.CapturesFinished)["verdict=Refused"]);
        Assert.Empty(_metrics.Sums(MetricNames.CapturesStarted));
        Assert.Equal("a-code", Assert.Single(_spans.Of(captureId)).GetTagItem(CaptureTrace.Fault));
    }

    private async Task<(string Id, string? Status)> CaptureAsync(string pod)
    {
        using var ordered = await _http.PostAsJsonAsync("/api/captures", new { target = new { pod }, window = new { duration = "1s" } });
        var id = (await ordered.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            var view = await _http.GetFromJsonAsync<JsonElement>($"/api/captures/{id}", deadline.Token);
            if (view.GetProperty("status").GetString() is { } status && Ended.Contains(status))
            {
                return (id, status);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }
    }
}
