using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using k8s;

namespace CaptureFlow.EndToEnd.Tests.Errors;

/// <summary>A running host on a sandbox, configured so that everything that can go wrong goes wrong soon.</summary>
public sealed class ErrorHost : IAsyncLifetime
{
    /// <summary>Carries CaptureFlow's labels and no expiry, from before the host's first sweep.</summary>
    internal const string Unmarked = "cf-0000000000000000";

    /// <summary>Opens the alert binding 'errors'.</summary>
    internal const string AlertKey = "an-alert-key-of-the-error-tests";

    private static readonly string[] Ended = ["completed", "refused", "denied", "expired", "cancelled", "failed", "revokeUnproven", "notDiscarded"];

    private readonly TemporaryFolder _state = new();
    private Harness.Sandbox? _sandbox;
    private ChildProcess? _process;
    private HttpClient? _http;

    internal Harness.Sandbox Sandbox => _sandbox!;

    internal string Log => _process!.Log;

    internal CaptureApi Api => new(_http!.BaseAddress!);

    internal string Evidence => Path.Combine(_state.Path, "evidence");

    public async ValueTask InitializeAsync()
    {
        _sandbox = await Harness.Sandbox.StartAsync(nodes: true);
        await _sandbox.Admin.CoreV1.CreateNamespacedServiceAccountAsync(
            new()
            {
                Metadata = new()
                {
                    Name = Unmarked,
                    Labels = new Dictionary<string, string>
                    {
                        ["app.kubernetes.io/managed-by"] = "captureflow",
                        ["captureflow.io/capture-id"] = Unmarked,
                        ["captureflow.io/target-namespace"] = "shop",
                    },
                },
            },
            "captureflow");
        (_process, _http) = await StartAsync(_state.Path, "nicolaka/netshoot:v0.13");
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }

        _state.Dispose();
    }

    /// <summary>The id that an order with this key gets on a host without keys.</summary>
    internal static string IdOf(string key) => CaptureIds.FromKey($"anonymous\n{key}");

    /// <summary>An order in the shop, for a window of some seconds.</summary>
    internal static object Order(string pod = "quiet", int seconds = 1) => new { target = new { pod = $"shop/{pod}" }, window = new { duration = $"{seconds}s" } };

    /// <summary>The same for the pod's traffic on its node.</summary>
    internal static object OnNode() => new { target = new { node = new { pod = "shop/quiet" } }, window = new { duration = "1s" } };

    /// <summary>A request that is answered with a problem.</summary>
    internal Task<Seen> ProblemAsync(HttpMethod method, string path, object? body = null, string? key = null) => ProblemAsync(_http!, method, path, body, key);

    /// <summary>The same for an order that is no JSON.</summary>
    internal async Task<Seen> ProblemAsync(HttpContent order)
    {
        using var response = await _http!.PostAsync(new Uri("/api/captures", UriKind.Relative), order);
        return await ReadAsync(response);
    }

    /// <summary>An order whose body stops after its first byte.</summary>
    internal async Task<Seen> SlowBodyAsync()
    {
        using System.Net.Sockets.TcpClient client = new();
        await client.ConnectAsync(_http!.BaseAddress!.Host, _http.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
            $"POST /api/captures HTTP/1.1\r\nHost: {_http.BaseAddress.Authority}\r\nContent-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{{"));
        using StreamReader reader = new(stream);
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return new(answer.Split(' ')[1], Faults(JsonNode.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)])!["errors"]));
    }

    private static async Task<Seen> ProblemAsync(HttpClient http, HttpMethod method, string path, object? body = null, string? key = null)
    {
        using var response = await SendAsync(http, method, path, body, key);
        return await ReadAsync(response);
    }

    private static async Task<Seen> ReadAsync(HttpResponseMessage response)
    {
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return new($"{(int)response.StatusCode}", Faults(problem["errors"]));
    }

    internal Task<Seen> DryRunAsync(object order) => ProblemAsync(HttpMethod.Post, "/api/captures?dryRun=true", order);

    /// <summary>A capture from its order to its end.</summary>
    /// <param name="order">What is ordered.</param>
    /// <param name="at">The status at which <paramref name="meanwhile"/> is done.</param>
    /// <param name="meanwhile">Something to do to it, by its id.</param>
    /// <param name="key">Its idempotency key.</param>
    internal Task<Seen> CaptureAsync(object order, string? at = null, Func<string, Task>? meanwhile = null, string? key = null) =>
        CaptureAsync(_http!, order, at, meanwhile, key);

    /// <summary>The same on a host of its own, which takes another image for the tap.</summary>
    internal async Task<Seen> CaptureWithImageAsync(string image, object? order = null)
    {
        using var state = new TemporaryFolder();
        var (process, http) = await StartAsync(state.Path, image);
        await using (process)
        using (http)
        {
            return await CaptureAsync(http, order ?? Order(), null, null, null);
        }
    }

    /// <summary>The list of a host of its own, whose blob service nobody runs.</summary>
    internal async Task<Seen> ListWithoutStoreAsync()
    {
        using var state = new TemporaryFolder();
        var (process, http) = await StartAsync(state.Path, "nicolaka/netshoot:v0.13", new { Emulator = true, ServiceUri = "http://127.0.0.1:1/devstoreaccount1" });
        await using (process)
        using (http)
        {
            return await ProblemAsync(http, HttpMethod.Get, "/api/captures");
        }
    }

    /// <summary>A dry run on a host that was built without captures over SSH on GKE, and said so when it started.</summary>
    internal async Task<Seen> DryRunWithoutSshAsync()
    {
        using var state = new TemporaryFolder();
        var (process, http) = await StartAsync(state.Path, "nicolaka/netshoot:v0.13", null, ("FAULTHOST_GCE", "none"));
        await using (process)
        using (http)
        {
            Assert.Contains(MissingMethods.GkeOverSsh, process.Log, StringComparison.Ordinal);
            return await ProblemAsync(http, HttpMethod.Post, "/api/captures?dryRun=true", new
            {
                target = new { node = new { pod = "shop/quiet" }, method = CaptureMethods.NodeSsh }, window = new { duration = "1s" },
            });
        }
    }

    /// <summary>The card of a capture on a host that makes none.</summary>
    internal async Task<Seen> TriageWithoutCardsAsync()
    {
        using var state = new TemporaryFolder();
        var (process, http) = await StartAsync(
            state.Path, "nicolaka/netshoot:v0.13", null, ("CaptureFlow__Triage__AtEnd", "00:00:00"), ("CaptureFlow__Triage__OnDemand", "00:00:00"));
        await using (process)
        using (http)
        {
            await CaptureAsync(http, Order(), null, null, "no card");
            return await ProblemAsync(http, HttpMethod.Get, $"/api/captures/{IdOf("no card")}/triage");
        }
    }

    internal Task StopAsync(string id) => SendAsync(_http!, HttpMethod.Post, $"/api/captures/{id}/stop", null, null);

    internal async Task<JsonNode> GetAsync(string id) => JsonNode.Parse(await _http!.GetStringAsync($"/api/captures/{id}"))!;

    /// <summary>Runs a command in a capture's container, as the cluster's administrator.</summary>
    internal async Task InTapAsync(string id, string pod, params string[] command)
    {
        using var socket = await Sandbox.Admin.WebSocketNamespacedPodExecAsync(
            pod, "shop", command, id, stderr: true, stdin: false, stdout: true, tty: false, webSocketSubProtocol: WebSocketProtocol.V4BinaryWebsocketProtocol);
        var limit = Until.Patience;
        await ExecStream.PumpAsync(socket, (_, _) => ValueTask.CompletedTask, new ExecLimits(limit, limit), TimeProvider.System, CancellationToken.None);
    }

    private static async Task<Seen> CaptureAsync(HttpClient http, object order, string? at, Func<string, Task>? meanwhile, string? key)
    {
        using var response = await SendAsync(http, HttpMethod.Post, "/api/captures", order, key);
        var id = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
        if (meanwhile is not null)
        {
            await UntilAsync(http, id, status => status == at || Ended.Contains(status));
            await meanwhile(id);
        }

        var ended = await UntilAsync(http, id, Ended.Contains);
        return new(ended["status"]!.GetValue<string>(), Faults(ended["faults"]));
    }

    private static Task<JsonNode> UntilAsync(HttpClient http, string id, Func<string, bool> holds) =>
        Until.FoundAsync($"{id} is there", Until.Patience, async () =>
        {
            var capture = JsonNode.Parse(await http.GetStringAsync($"/api/captures/{id}"))!;
            return holds(capture["status"]!.GetValue<string>()) ? capture : null;
        });

    private static List<CaptureFault> Faults(JsonNode? faults) => faults.Deserialize<List<CaptureFault>>(CaptureJson.Options) ?? [];

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, object? body, string? key)
    {
        var request = new HttpRequestMessage(method, path) { Content = method == HttpMethod.Post ? JsonContent.Create(body) : null };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return http.SendAsync(request);
    }

    private async Task<(ChildProcess Process, HttpClient Http)> StartAsync(
        string state, string image, object? blobStore = null, params (string Name, string Value)[] environment)
    {
        await File.WriteAllTextAsync(Path.Combine(state, "captureflow.json"), JsonSerializer.Serialize(new { CaptureFlow = await SettingsAsync(state, image, blobStore) }));
        var process = ChildProcess.Start("captureflow-faulthost", [state, Sandbox.CaptureFlowKubeconfig], environment.ToDictionary(it => it.Name, it => it.Value));
        var ready = await process.LineAsync("ready ", Until.Patience);
        return (process, new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(ready["ready ".Length..]), Timeout = TimeSpan.FromMinutes(1) });
    }

    private async Task<object> SettingsAsync(string state, string image, object? blobStore)
    {
        var kubeConfig = await File.ReadAllTextAsync(Sandbox.CaptureFlowKubeconfig);
        var authority = kubeConfig.Split("certificate-authority-data: ")[1].Split('\n')[0];
        return new
        {
            Policy = new { Namespaces = new[] { "shop" }, HeaderOnlyNamespaces = new[] { "shop" } },
            Cluster = new { RetryFor = "00:00:02" },
            Tap = new { Image = image, PullTolerance = "00:00:03", StartAllowance = "00:00:20" },
            BlobStore = blobStore,
            Alerts = new
            {
                Bindings = new
                {
                    errors = new
                    {
                        Source = "azure-monitor",
                        Authentication = new { Kind = "functionKey", Secrets = new[] { AlertKey } },
                        Target = new { Namespace = "shop", Workload = "deployment/web" },
                    },
                },
            },
            Retrieval = new { BreaksWithoutProgress = 1, FirstPause = "00:00:00" },
            Clusters = new
            {
                untrusted = new { Kind = "kubeconfig", KubeConfig = Write(state, "untrusted", kubeConfig.Replace(authority, "", StringComparison.Ordinal)) },
                down = new { Kind = "kubeconfig", KubeConfig = Write(state, "down", kubeConfig.Replace(Sandbox.Admin.BaseUri.ToString().TrimEnd('/'), "https://127.0.0.1:1", StringComparison.Ordinal)) },
                google = new
                {
                    Kind = "gke",
                    Server = Sandbox.Admin.BaseUri,
                    CertificateAuthorityData = authority,
                    Credential = "serviceAccount",
                    CredentialFile = Write(state, "google", "{}"),
                },
            },
        };
    }

    private static string Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
