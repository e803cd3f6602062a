using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace CaptureFlow.ClusterRuns;

/// <summary>A namespace of its own on a real cluster, and the local host in a process of its own, as CaptureFlow's own identity.</summary>
internal sealed class ClusterLab : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Process _host;
    private readonly HttpClient _http;

    private ClusterLab(string @namespace, string folder, Process host, Uri url)
    {
        (Namespace, Folder, _host) = (@namespace, folder, host);
        _http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = url };
    }

    /// <summary>What the taps run, and the pods: it needs bash, tcpdump, dd, tar and python3.</summary>
    public static string Image => Environment.GetEnvironmentVariable("CAPTUREFLOW_E2E_TAP_IMAGE") ?? "localhost/debug:1";

    public string Namespace { get; }

    public string Folder { get; }

    public static async Task<ClusterLab> StartAsync(string manifests)
    {
        var @namespace = $"captureflow-bench-{Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..8]}";
        var folder = Directory.CreateTempSubdirectory("captureflow-bench-").FullName;
        await Kubectl.RunAsync("apply", "-k", Path.Combine(manifests, "base"));
        await Kubectl.RunAsync("create", "namespace", @namespace);
        await Kubectl.RunAsync("-n", @namespace, "apply", "-f", Path.Combine(manifests, "namespaced", "binding.yaml"));
        var kubeconfig = Path.Combine(folder, "captureflow.kubeconfig");
        await WriteKubeConfigAsync(kubeconfig);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.Environment["CaptureFlow__Tap__Image"] = Image;
        start.Environment["CaptureFlow__Policy__Namespaces__0"] = @namespace;
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "captureflow-local.dll"), "serve", "--anonymous", "--url", "http://127.0.0.1:0", "--state", Path.Combine(folder, "state"), "--kubeconfig", kubeconfig])
        {
            start.ArgumentList.Add(argument);
        }

        var host = Process.Start(start)!;
        while (await host.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("listens on ", StringComparison.Ordinal))
            {
                _ = host.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return new(@namespace, folder, host, new(line.Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal))));
            }
        }

        throw new InvalidOperationException("The host ended before it listened.");
    }

    /// <summary>The host's largest resident set so far, in MB (10^6 bytes), as the kernel kept it.</summary>
    public double HostPeakMegabytes()
    {
        var line = File.ReadLines($"/proc/{_host.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    public static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    public static async Task<string> VersionsAsync()
    {
        var version = JsonNode.Parse(await Kubectl.RunAsync("version", "-o", "json"))!;
        return $"Kubernetes {version["serverVersion"]?["gitVersion"]}, kubectl {version["clientVersion"]?["gitVersion"]}";
    }

    /// <summary>Starts a pod of the tap's image that idles, and waits until it is ready.</summary>
    public async Task RunPodAsync(string name)
    {
        var overrides = new JsonObject { ["spec"] = new JsonObject { ["terminationGracePeriodSeconds"] = 1 } }.ToJsonString();
        await Kubectl.RunAsync("-n", Namespace, "run", name, $"--image={Image}", "--image-pull-policy=IfNotPresent", "--restart=Never", $"--overrides={overrides}", "--command", "--", "sleep", "3600");
        await Kubectl.RunAsync("-n", Namespace, "wait", "--for=condition=Ready", $"pod/{name}", "--timeout=120s");
    }

    public async Task<string> OrderAsync(object order)
    {
        using var accepted = await _http.PostAsJsonAsync("/api/captures", order);
        var body = await accepted.Content.ReadAsStringAsync();
        return accepted.IsSuccessStatusCode ? JsonNode.Parse(body)!["id"]!.GetValue<string>() : throw new InvalidOperationException(body);
    }

    /// <summary>Follows a capture until its status is past those that are named.</summary>
    public async Task<JsonNode> PastAsync(string id, params string[] before)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Patience)
        {
            var capture = JsonNode.Parse(await _http.GetStringAsync($"/api/captures/{id}"))!;
            var status = capture["status"]!.GetValue<string>();
            if (status is "refused" or "failed" or "revokeUnproven")
            {
                throw new InvalidOperationException($"{capture}");
            }

            if (!before.Contains(status))
            {
                return capture;
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"Capture {id} has not got on within {Patience}.");
    }

    public Task StopAsync(string id) => _http.PostAsync($"/api/captures/{id}/stop", null);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _host.Kill();
        await _host.WaitForExitAsync();
        _host.Dispose();
        await Kubectl.RunAsync("delete", "namespace", Namespace, "--wait=false");
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task WriteKubeConfigAsync(string path)
    {
        var token = (await Kubectl.RunAsync("-n", "captureflow", "create", "token", "captureflow", "--duration=2h")).Trim();
        var config = JsonNode.Parse(await Kubectl.RunAsync("config", "view", "--minify", "--raw", "-o", "json"))!;
        config["users"]![0]!["user"] = new JsonObject { ["token"] = token };
        await File.WriteAllTextAsync(path, config.ToJsonString(), new UTF8Encoding(false));
    }
}
