using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CaptureFlow.Evidence;
using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Tests.Telemetry;
using CaptureFlow.Local.Hosting;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>The real functions on Kestrel and the embedded engine, with a site where everything works at once. Every answer is held against openapi.yaml.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Ended = ["completed", "refused", "denied", "expired", "cancelled", "failed", "revokeUnproven", "notDiscarded"];

    private readonly string _folder = Directory.CreateTempSubdirectory("captureflow-api-").FullName;
    private LocalHost _host = null!;
    private RequestMeter _requests = null!;

    internal ApiDocument Document { get; private set; } = null!;

    internal ContractHandler Contract { get; private set; } = null!;

    internal HttpClient Http { get; private set; } = null!;

    internal RecordedLog Log { get; } = new();

    internal Outage Outage { get; } = new();

    internal Uri Url => _host.Url;

    internal DurableTaskClient Orchestrations => _host.Services.GetRequiredService<DurableTaskClient>();

    internal FakeSite Site => (FakeSite)_host.Services.GetRequiredService<ICaptureSite>();

    /// <summary>Null for no keys.</summary>
    internal string? Key { get; init; }

    /// <summary>Whether App Service authentication stands before the app, so that callers are who their principal says.</summary>
    internal bool SignedIn { get; init; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Of the configuration.</summary>
    internal IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    public async ValueTask InitializeAsync()
    {
        Document = await ApiDocument.LoadAsync();
        LocalApplication application = new(typeof(AddCaptureFlowExtensions).Assembly.GetTypes(), (services, configuration) => WithLog(services.AddCaptureFlow(configuration))
            .Replace(ServiceDescriptor.Singleton(new PlatformAuthentication(SignedIn)))
            .Replace(ServiceDescriptor.Singleton<ICaptureSite, FakeSite>())
            .Replace(ServiceDescriptor.Singleton(provider => OutageProxy<ICaptureStore>.Around(provider.GetRequiredService<FolderStore>(), Outage)))
            .Replace(ServiceDescriptor.Singleton(provider => OutageProxy<ICaptureCatalog>.Around(provider.GetRequiredService<FolderStore>(), Outage)))
            .Replace(ServiceDescriptor.Singleton(provider => OutageProxy<IEvidenceLinks>.Around(new NoLinks(), Outage))));
        _host = await LocalHost.StartAsync(
            new()
            {
                Url = new("http://127.0.0.1:0"),
                StateFolder = _folder,
                Timers = false,
                Time = Time,
                Overrides = Key is null ? Settings : new Dictionary<string, string?>(Settings) { [$"{ApiKeys.LocalSection}:0"] = Key },
                Logging = logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddProvider(Log),
            },
            application,
            CancellationToken.None);
        _requests = new(_host.Services.GetRequiredService<IMeterFactory>());
        Contract = new(Document, new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        Http = new(Contract) { BaseAddress = _host.Url, Timeout = Patience };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _requests.Dispose();
        await StopAsync();
        await _host.DisposeAsync();
        Log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>From here on every request has this principal; null for none.</summary>
    internal void ActAs(string? principal)
    {
        Http.DefaultRequestHeaders.Remove("X-MS-CLIENT-PRINCIPAL");
        if (principal is not null)
        {
            Http.DefaultRequestHeaders.Add("X-MS-CLIENT-PRINCIPAL", principal);
        }
    }

    /// <summary>Orders, and gives the id back.</summary>
    internal async Task<string> OrderAsync(object order, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/captures") { Content = JsonContent.Create(order) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await Http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.Accepted, body);
        return JsonNode.Parse(body)!["id"]!.GetValue<string>();
    }

    internal Task<JsonNode> WhenAsync(string id, string status) => UntilAsync(id, seen => Status(seen) == status);

    internal Task<JsonNode> WhenEndedAsync(string id) => UntilAsync(id, seen => Ended.Contains(Status(seen)));

    /// <summary>Returns once so many requests have been begun and not answered.</summary>
    internal async Task InFlightAsync(int requests)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (_requests.InFlight < requests)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }
    }

    internal Task StopAsync() => _host.StopAsync(CancellationToken.None);

    internal async Task<int> CountInstancesAsync()
    {
        var count = 0;
        await foreach (var _ in Orchestrations.GetAllInstancesAsync())
        {
            count++;
        }

        return count;
    }

    private static string Status(JsonNode capture) => capture["status"]!.GetValue<string>();

    // The folder's log is not to be had by its type.
    private IServiceCollection WithLog(IServiceCollection services)
    {
        var log = services.Single(service => service.ServiceType == typeof(ICustodyLog)).ImplementationType!;
        return services.Replace(ServiceDescriptor.Singleton(provider => OutageProxy<ICustodyLog>.Around((ICustodyLog)ActivatorUtilities.CreateInstance(provider, log), Outage)));
    }

    internal async Task<JsonNode> UntilAsync(string id, Func<JsonNode, bool> holds)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            var capture = JsonNode.Parse(await Http.GetStringAsync(new Uri($"/api/captures/{id}", UriKind.Relative), deadline.Token))!;
            if (holds(capture))
            {
                return capture;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }
    }

    private sealed class NoLinks : IEvidenceLinks
    {
        public Task<Uri?> TryLinkAsync(string captureId, string fileName, Actor requestedBy, CancellationToken cancellationToken) => Task.FromResult<Uri?>(null);
    }
}
