using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using CaptureFlow.Local.Hosting;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Tests.Alerts;

/// <summary>A running local host with the real functions and a fake site.</summary>
internal sealed class AlertHost : IAsyncDisposable
{
    public const string Secret = "an-alert-secret-of-the-tests";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly string[] Ended = ["completed", "refused", "denied", "expired", "cancelled", "failed", "revokeUnproven", "notDiscarded"];

    private readonly LocalHost _host;
    private readonly ConcurrentQueue<string> _log;

    private AlertHost(LocalHost host, ConcurrentQueue<string> log)
    {
        _host = host;
        _log = log;
        Http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Url };
    }

    public HttpClient Http { get; }

    public Uri Url => _host.Url;

    public string Log => string.Join('\n', _log);

    public AlertSite Site => (AlertSite)_host.Services.GetRequiredService<ICaptureSite>();

    public DurableTaskClient Orchestrations => _host.Services.GetRequiredService<DurableTaskClient>();

    /// <summary>Settings of a binding that takes the shop's critical alerts of Alertmanager, and lets them name a pod or a deployment.</summary>
    public static Dictionary<string, string?> Binding(string coolDown = "00:10:00", string name = "shop") => new()
    {
        [$"CaptureFlow:Alerts:Bindings:{name}:Source"] = "alertmanager",
        [$"CaptureFlow:Alerts:Bindings:{name}:Authentication:Kind"] = "bearer",
        [$"CaptureFlow:Alerts:Bindings:{name}:Authentication:Secrets:0"] = Secret,
        [$"CaptureFlow:Alerts:Bindings:{name}:Match:0:Label"] = "severity",
        [$"CaptureFlow:Alerts:Bindings:{name}:Match:0:EqualTo"] = "critical",
        [$"CaptureFlow:Alerts:Bindings:{name}:Target:NamespaceLabel"] = "namespace",
        [$"CaptureFlow:Alerts:Bindings:{name}:Target:Namespaces:0"] = "shop",
        [$"CaptureFlow:Alerts:Bindings:{name}:Target:PodLabel"] = "pod",
        [$"CaptureFlow:Alerts:Bindings:{name}:Target:WorkloadLabels:deployment"] = "deployment",
        [$"CaptureFlow:Alerts:Bindings:{name}:Window:Duration"] = "00:00:01",
        [$"CaptureFlow:Alerts:Bindings:{name}:CoolDown"] = coolDown,
    };

    /// <summary>Settings of a binding of another source that takes every alert, and lets two labels name namespace and pod.</summary>
    public static Dictionary<string, string?> BindingOf(string source, string kind, string namespaceLabel, string podLabel, string name = "shop") => new()
    {
        [$"CaptureFlow:Alerts:Bindings:{name}:Source"] = source,
        [$"CaptureFlow:Alerts:Bindings:{name}:Authentication:Kind"] = kind,
        [$"CaptureFlow:Alerts:Bindings:{name}:Authentication:Secrets:0"] = kind == "google" ? null : Secret,
        [$"CaptureFlow:Alerts:Bindings:{name}:Target:NamespaceLabel"] = namespaceLabel,
        [$"CaptureFlow:Alerts:Bindings:{name}:Target:Namespaces:0"] = "shop",
        [$"CaptureFlow:Alerts:Bindings:{name}:Target:PodLabel"] = podLabel,
        [$"CaptureFlow:Alerts:Bindings:{name}:Window:Duration"] = "00:00:01",
    };

    public static async Task<AlertHost> StartAsync(string folder, IReadOnlyDictionary<string, string?> settings)
    {
        ConcurrentQueue<string> log = new();
        LocalApplication application = new(typeof(AddCaptureFlowExtensions).Assembly.GetTypes(), (services, configuration) =>
            services.AddCaptureFlow(configuration).Replace(ServiceDescriptor.Singleton<ICaptureSite, AlertSite>()));
        var host = await LocalHost.StartAsync(
            new()
            {
                Url = new("http://127.0.0.1:0"),
                StateFolder = folder,
                Overrides = settings,
                Timers = false,
                Logging = logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddProvider(new QueueLog(log)),
            },
            application,
            CancellationToken.None);
        return new(host, log);
    }

    public async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, byte[] body, string? secret = Secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        if (secret is not null)
        {
            request.Headers.Authorization = new("Bearer", secret);
        }

        using var response = await Http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    public Task<JsonNode> WhenEndedAsync(string id) => UntilAsync($"{id} has ended", async () =>
    {
        using var response = await Http.GetAsync(new Uri($"/api/captures/{id}", UriKind.Relative));
        var view = JsonNode.Parse(await response.Content.ReadAsStringAsync());
        return response.IsSuccessStatusCode && Ended.Contains(view!["status"]!.GetValue<string>()) ? view : null;
    });

    public static async Task<T> UntilAsync<T>(string what, Func<Task<T?>> look)
        where T : class
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!deadline.IsCancellationRequested)
        {
            if (await look() is { } found)
            {
                return found;
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"Not reached: {what}");
    }

    /// <summary>The ids of all captures and fleets that were ever started, a fleet's own captures left out.</summary>
    public async Task<IReadOnlyList<string>> CapturesAsync()
    {
        List<string> ids = [];
        await foreach (var instance in Orchestrations.GetAllInstancesAsync(new OrchestrationQuery { InstanceIdPrefix = CaptureIds.Prefix, FetchInputsAndOutputs = true }))
        {
            if (instance.Name == nameof(FleetOrchestrator) || instance.ReadInputAs<CaptureOrder>()!.Fleet is null)
            {
                ids.Add(instance.InstanceId);
            }
        }

        return ids;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
    }

    private sealed class QueueLog(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
