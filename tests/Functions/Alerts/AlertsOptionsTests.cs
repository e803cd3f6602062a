using CaptureFlow.Local.Hosting;

namespace CaptureFlow.Functions.Tests.Alerts;

/// <summary>What is wrong with a binding is said at start, all of it, by the settings' names.</summary>
public sealed class AlertsOptionsTests : IDisposable
{
    private const string Path = "CaptureFlow:Alerts:Bindings:shop";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-alerts-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Start_SeveralSettingsWrong_AllNamedAndNoSecretRepeated()
    {
        var settings = AlertHost.Binding("00:00:00.5");
        settings[$"{Path}:Source"] = "nagios";
        settings[$"{Path}:Authentication:Secrets:0"] = "too-short";
        settings[$"{Path}:Match:1:Label"] = "team";
        settings[$"{Path}:Match:1:Regex"] = "(shop";
        settings[$"{Path}:Match:2:Label"] = "team";
        settings[$"{Path}:Match:2:Regex"] = "a)|(b";
        settings[$"{Path}:Target:Namespaces:0"] = "Shop";
        settings[$"{Path}:Target:WorkloadLabels:cronjob"] = "cronjob";
        settings[$"{Path}:Window:Duration"] = "00:50:00";
        settings[$"{Path}:MaxCapturesPerCall"] = "11";
        settings["CaptureFlow:Alerts:Bindings:Bad_Name:Source"] = "datadog";

        var refusal = await Assert.ThrowsAsync<HostRefusedException>(() => AlertHost.StartAsync(_folder.FullName, settings));

        Assert.All(
            ["Source is", "Authentication:Secrets", "Match:1:Regex", "Match:2:Regex", "Target: 'Shop'", "Target:WorkloadLabels:cronjob", "window.duration", "CoolDown", "MaxCapturesPerCall"],
            setting => Assert.Contains($"{Path}:{setting}", refusal.Problem, StringComparison.Ordinal));
        Assert.Contains("Bad_Name:Authentication:Kind", refusal.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("too-short", refusal.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authentication:Kind", "none", "Authentication:Kind")]
    [InlineData("Authentication:Kind", "entra", "Authentication:TenantId")]
    [InlineData("Authentication:Kind", "google", "Authentication:ServiceAccount")]
    [InlineData("Authentication:Kind", "hmac", "Authentication:Header")]
    [InlineData("Authentication:Secrets:0", "@Microsoft.KeyVault(SecretUri=https://vault/secrets/alert)", "Authentication:Secrets")]
    [InlineData("Authentication:Secrets:2", "a-third-secret-of-the-tests", "Authentication:Secrets")]
    [InlineData("Target:Namespace", "shop", "Target has either")]
    [InlineData("Target:Workload", "deployment/web", "Target has Workload alone")]
    [InlineData("Target:MaxPods", "99", "target.maxPods")]
    [InlineData("Window:SnapLength", "1", "window.snapLength")]
    [InlineData("Match:0:Regex", "critical", "Match:0 has")]
    [InlineData("Filter", "tcp\nport 80", "filter")]
    public async Task Start_OneSettingWrong_Named(string setting, string value, string named)
    {
        var settings = AlertHost.Binding();
        settings[$"{Path}:{setting}"] = value;
        if (setting.EndsWith(":2", StringComparison.Ordinal))
        {
            settings[$"{Path}:{setting[..^1]}1"] = "a-second-secret-of-the-tests";
        }

        var refusal = await Assert.ThrowsAsync<HostRefusedException>(() => AlertHost.StartAsync(_folder.FullName, settings));

        Assert.Contains($"{Path}:{named}", refusal.Problem, StringComparison.Ordinal);
    }
}
