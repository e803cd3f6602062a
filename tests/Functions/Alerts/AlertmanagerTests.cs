namespace CaptureFlow.Functions.Tests.Alerts;

/// <summary>A real Alertmanager orders captures of a running host.</summary>
public sealed class AlertmanagerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-alertmanager-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Alertmanager_FiringRepeatedAndResolved_OneCaptureForEachPod()
    {
        Needs.Packages("prometheus-alertmanager");
        await using var host = await AlertHost.StartAsync(_folder.CreateSubdirectory("host").FullName, AlertHost.Binding());
        await using var alertmanager = await AlertmanagerProcess.StartAsync(
            _folder.CreateSubdirectory("alertmanager").FullName, new(host.Url, "/api/alerts/alertmanager/shop"), AlertHost.Secret);

        await alertmanager.PostAsync(Alert("web-0"), Alert("web-1"), Alert("web-0", "another"), Alert("web-0", severity: "info"));
        await LoggedAsync(host, "joined cf-");
        await alertmanager.PostAsync(
            Alert("web-0", over: true), Alert("web-1", over: true), Alert("web-0", "another", over: true), Alert("web-0", severity: "info", over: true));
        await LoggedAsync(host, "4 resolved");

        var captures = await host.CapturesAsync();
        Assert.Equal(2, captures.Count);
        foreach (var id in captures)
        {
            Assert.Equal("completed", (await host.WhenEndedAsync(id))["status"]!.GetValue<string>());
        }

        Assert.Contains("1 not-matched", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alertmanager_WrongSecret_NothingStarts()
    {
        Needs.Packages("prometheus-alertmanager");
        await using var host = await AlertHost.StartAsync(_folder.CreateSubdirectory("host").FullName, AlertHost.Binding());
        await using var alertmanager = await AlertmanagerProcess.StartAsync(
            _folder.CreateSubdirectory("alertmanager").FullName, new(host.Url, "/api/alerts/alertmanager/shop"), "a-wrong-secret-of-the-tests");

        await alertmanager.PostAsync(Alert("web-0"));
        await LoggedAsync(host, "'shop' was refused");

        Assert.Empty(await host.CapturesAsync());
    }

    private static Task<string> LoggedAsync(AlertHost host, string words) =>
        AlertHost.UntilAsync($"'{words}' is logged", () => Task.FromResult(host.Log.Contains(words, StringComparison.Ordinal) ? host.Log : null));

    private static object Alert(string pod, string instance = "one", string severity = "critical", bool over = false)
    {
        var now = TimeProvider.System.GetUtcNow();
        var labels = new { alertname = "HighErrorRate", @namespace = "shop", pod, instance, severity };
        return over ? new { labels, endsAt = now.AddSeconds(-1) } : new { labels, endsAt = now.AddMinutes(10) };
    }
}
