using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace CaptureFlow.Functions.Tests.Alerts;

/// <summary>Debian's prometheus-alertmanager on loopback, which groups, repeats and resolves as it does in production, only sooner.</summary>
internal sealed class AlertmanagerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private AlertmanagerProcess(Process process, Uri url)
    {
        _process = process;
        _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url };
    }

    public static async Task<AlertmanagerProcess> StartAsync(string folder, Uri receiver, string secret)
    {
        var config = Path.Combine(folder, "alertmanager.yml");
        await File.WriteAllTextAsync(config, $$"""
            route:
              receiver: captureflow
              group_by: [alertname]
              group_wait: 200ms
              group_interval: 1s
              repeat_interval: 1s
            receivers:
              - name: captureflow
                webhook_configs:
                  - url: {{receiver}}
                    send_resolved: true
                    http_config:
                      authorization:
                        credentials: {{secret}}
            """);
        var port = FreePort();
        ProcessStartInfo start = new("prometheus-alertmanager") { WorkingDirectory = folder };
        string[] arguments =
            [$"--config.file={config}", $"--storage.path={folder}", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", "--log.level=error"];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        AlertmanagerProcess alertmanager = new(Process.Start(start)!, new($"http://127.0.0.1:{port}"));
        await AlertHost.UntilAsync("Alertmanager is ready", alertmanager.ReadyAsync);
        return alertmanager;
    }

    /// <summary>What Prometheus does: posts alerts, and posts them again with an end once they are over.</summary>
    public async Task PostAsync(params IEnumerable<object> alerts)
    {
        using var answer = await _http.PostAsJsonAsync("/api/v2/alerts", alerts);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<object?> ReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/-/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode ? this : null;
        }
        catch (HttpRequestException)
        {
            Assert.False(_process.HasExited, "Alertmanager has ended.");
            return null;
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
