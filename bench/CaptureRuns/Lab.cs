using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using k8s;

namespace CaptureFlow.CaptureRuns;

/// <summary>A sandbox cluster and a local host, each in a process of its own, as a user runs them.</summary>
internal sealed class Lab : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly string _folder;
    private readonly Process _sandbox;
    private readonly Process _host;

    private Lab(string folder, Process sandbox, Process host, Uri url)
    {
        _folder = folder;
        _sandbox = sandbox;
        _host = host;
        Http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = url };
        Admin = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Path.Combine(folder, "admin.kubeconfig")));
    }

    public Kubernetes Admin { get; }

    public HttpClient Http { get; }

    /// <summary>The host's largest resident set so far, in MB (10^6 bytes), as the kernel kept it.</summary>
    public double HostPeakMegabytes()
    {
        var line = File.ReadLines($"/proc/{_host.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    /// <summary>What the host holds now.</summary>
    public HostGauge Gauge => new(_host.Id);

    /// <param name="manifests">The folder infra/kubernetes.</param>
    /// <param name="settings">Of the host, as environment variables.</param>
    public static async Task<Lab> StartAsync(string manifests, IReadOnlyDictionary<string, string>? settings = null)
    {
        var folder = Directory.CreateTempSubdirectory("captureflow-bench-").FullName;
        string[] rights = [.. Directory.GetFiles(Path.Combine(manifests, "base"), "*-role.yaml"), Path.Combine(manifests, "base", "identity.yaml"), Path.Combine(manifests, "all-namespaces", "binding.yaml")];
        var sandbox = Start("captureflow-sandbox", null, ["serve", "--scenario", "shop", "--folder", folder, "--until-stdin-closes", .. rights.SelectMany(file => (string[])["--apply", file])]);
        await LineAsync(sandbox, "\"ready\":true");
        var host = Start("captureflow-local", settings, "serve", "--anonymous", "--url", "http://127.0.0.1:0", "--state", Path.Combine(folder, "state"), "--kubeconfig", Path.Combine(folder, "captureflow.kubeconfig"));
        var said = await LineAsync(host, "listens on ");
        var url = said.Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal));
        return new Lab(folder, sandbox, host, new Uri(url));
    }

    /// <summary>Orders a capture and follows it to its end.</summary>
    public async Task<JsonNode> CaptureAsync(object order)
    {
        using var accepted = await Http.PostAsJsonAsync("/api/captures", order);
        accepted.EnsureSuccessStatusCode();
        var id = JsonNode.Parse(await accepted.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Patience)
        {
            var capture = JsonNode.Parse(await Http.GetStringAsync($"/api/captures/{id}"))!;
            if (capture["status"]!.GetValue<string>() is "completed" or "refused" or "failed" or "cancelled" or "revokeUnproven")
            {
                return capture;
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"Capture {id} has not ended within {Patience}.");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Admin.Dispose();
        _host.Kill();
        await _host.WaitForExitAsync();
        _sandbox.StandardInput.Close();
        await _sandbox.WaitForExitAsync();
        _host.Dispose();
        _sandbox.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Process Start(string assembly, IReadOnlyDictionary<string, string>? settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        Array.ForEach(arguments, start.ArgumentList.Add);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task<string> LineAsync(Process process, string part)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains(part, StringComparison.Ordinal))
            {
                // What comes later must be read, or the process stops at a full pipe.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return line;
            }
        }

        throw new InvalidOperationException($"{process.StartInfo.ArgumentList[0]} ended before it said '{part}'.");
    }
}
