using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CaptureFlow.Functions.Tests.Alerts;
using CaptureFlow.Local.Hosting;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Tests.Notifications;

/// <summary>A running host tells a receiver on loopback how captures ended.</summary>
public sealed class NotificationHostTests : IDisposable
{
    private const string Secret = "a-notification-secret-of-the-tests";
    private const string NextSecret = "the-next-notification-secret";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-notifications-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Completed_Webhook_ToldOnceSignedWithBothSecretsAndLinked()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = await StartAsync(receiver.Url, ("CaptureFlow:Notifications:ops:Secrets:1", NextSecret), ("CaptureFlow:PublicUrl", "https://captureflow.example/"));

        var id = await OrderAsync(host, "shop/web");
        var report = await ReportAsync(host, id);

        Assert.Equal([new Delivery("ops", true)], report.Deliveries);
        var told = Assert.Single(receiver.Messages);
        var message = JsonNode.Parse(told.Body)!;
        Assert.Equal(("captureflow.notification/1", $"nt-{id}", id, "completed", "Lossy", true), (
            message["schema"]!.GetValue<string>(), message["id"]!.GetValue<string>(), message["captureId"]!.GetValue<string>(),
            message["status"]!.GetValue<string>(), message["verdict"]!.GetValue<string>(), message["revocationProven"]!.GetValue<bool>()));
        Assert.Equal($"https://captureflow.example/api/captures/{id}/manifest", message["links"]!["manifest"]!.GetValue<string>());
        var card = JsonNode.Parse(await host.Http.GetStringAsync(new Uri($"/api/captures/{id}/triage", UriKind.Relative)))!;
        Assert.Equal(card["summary"]!.GetValue<string>(), message["triage"]!["summary"]!.GetValue<string>());
        Assert.Equal($"https://captureflow.example/api/captures/{id}/triage", message["links"]!["triage"]!.GetValue<string>());
        Assert.Equal($"nt-{id}", told.Headers["X-CaptureFlow-Id"]);
        var sent = told.Headers["X-CaptureFlow-Timestamp"];
        Assert.InRange(long.Parse(sent, CultureInfo.InvariantCulture), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 300, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1);
        Assert.Equal($"v1={Sign(Secret, sent, told.Body)},v1={Sign(NextSecret, sent, told.Body)}", told.Headers["X-CaptureFlow-Signature"]);
    }

    [Theory]
    [InlineData("shop/refused", "refused")]
    [InlineData("shop/broken", "refused")]
    public async Task NotCompleted_ToldAllTheSame(string pod, string status)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = await StartAsync(receiver.Url);

        var id = await OrderAsync(host, pod);
        await ReportAsync(host, id);

        var message = JsonNode.Parse(Assert.Single(receiver.Messages).Body)!;
        Assert.Equal((status, id), (message["status"]!.GetValue<string>(), message["captureId"]!.GetValue<string>()));
        Assert.NotNull(message["fault"]);
    }

    [Fact]
    public async Task Cancelled_ToldAllTheSame()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = await StartAsync(receiver.Url);

        var id = await OrderAsync(host, "shop/web", "5m");
        using (var cancelled = await host.Http.PostAsync(new Uri($"/api/captures/{id}/cancel", UriKind.Relative), null))
        {
            cancelled.EnsureSuccessStatusCode();
        }

        await ReportAsync(host, id);

        Assert.Equal("cancelled", JsonNode.Parse(Assert.Single(receiver.Messages).Body)!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Denied_ToldToWhoWantsToHearOfIt()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = await StartAsync(
            receiver.Url,
            ("CaptureFlow:Notifications:ops:Outcomes:0", "denied"),
            ("CaptureFlow:Notifications:ops:Outcomes:1", "expired"),
            ("CaptureFlow:Policy:ApprovalNamespaces:0", "shop"));

        var id = await OrderAsync(host, "shop/web");
        await AlertHost.UntilAsync("it waits for approval", async () =>
        {
            using var denied = await host.Http.PostAsync(new Uri($"/api/captures/{id}/deny", UriKind.Relative), null);
            return denied.StatusCode == System.Net.HttpStatusCode.Accepted ? "denied" : null;
        });
        await ReportAsync(host, id);

        Assert.Equal("denied", JsonNode.Parse(Assert.Single(receiver.Messages).Body)!["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://vault/secrets/notification)")]
    [InlineData("@microsoft.keyvault(VaultName=vault;SecretName=notification)")]
    public async Task Start_SecretIsAKeyVaultReferenceThatNobodyResolved_Refused(string secret)
    {
        var refusal = await Assert.ThrowsAsync<HostRefusedException>(
            () => StartAsync(new Uri($"http://127.0.0.1:{FreePort()}/"), ("CaptureFlow:Notifications:ops:Secrets:1", secret)));

        Assert.Contains("CaptureFlow:Notifications:ops:Secrets", refusal.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("vault/secrets", refusal.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fleet_ToldAsOne()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = await StartAsync(receiver.Url);

        var id = await OrderAsync(host, new { target = new { @namespace = "shop", workload = "deployment/web" }, window = new { duration = "1s" } });
        await ReportAsync(host, id);

        var message = JsonNode.Parse(Assert.Single(receiver.Messages).Body)!;
        Assert.Equal(("fleet", id, "shop/deployment/web", true), (
            message["kind"]!.GetValue<string>(), message["captureId"]!.GetValue<string>(), message["target"]!.GetValue<string>(), message["revocationProven"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task Outcomes_NotWanted_NotTold()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = await StartAsync(receiver.Url, ("CaptureFlow:Notifications:ops:Outcomes:0", "failed"), ("CaptureFlow:Notifications:ops:Outcomes:1", "revokeUnproven"));

        var report = await ReportAsync(host, await OrderAsync(host, "shop/web"));

        Assert.Empty(report.Deliveries);
        Assert.Empty(receiver.Messages);
    }

    [Fact]
    public async Task Receiver_AnswersWithErrors_ToldAgainUnderTheSameId()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (attempt, http) =>
        {
            http.Response.StatusCode = attempt switch { 1 => 500, 2 => 429, _ => 204 };
            return Task.CompletedTask;
        };
        await using var host = await StartAsync(receiver.Url);

        var report = await ReportAsync(host, await OrderAsync(host, "shop/web"));

        Assert.True(Assert.Single(report.Deliveries).Delivered);
        Assert.Equal(3, receiver.Messages.Count);
        Assert.Single(receiver.Messages.Select(message => message.Headers["X-CaptureFlow-Id"]).Distinct());
    }

    [Fact]
    public async Task Receiver_SendsElsewhere_NotFollowed()
    {
        await using var elsewhere = await Receiver.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, http) =>
        {
            http.Response.StatusCode = 307;
            http.Response.Headers.Location = elsewhere.Url.ToString();
            return Task.CompletedTask;
        };
        await using var host = await StartAsync(receiver.Url);

        var report = await ReportAsync(host, await OrderAsync(host, "shop/web"));

        Assert.False(Assert.Single(report.Deliveries).Delivered);
        Assert.Empty(elsewhere.Messages);
        Assert.Contains("refuses to be told: it answered 307", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receiver_NeverAnswersAndTheHostRestarts_ToldAfterwards()
    {
        string id;
        var port = FreePort();
        await using (var silent = await Receiver.StartAsync(port))
        {
            silent.Answer = (_, http) => Task.Delay(Timeout.Infinite, http.RequestAborted);
            await using var first = await StartAsync(silent.Url);
            id = await OrderAsync(first, "shop/web");
            // The capture ends while the receiver holds the message.
            Assert.Equal("completed", (await first.WhenEndedAsync(id))["status"]!.GetValue<string>());
            await AlertHost.UntilAsync("an attempt is under way", () => Task.FromResult(silent.Messages is [{ } attempt, ..] ? attempt : null));
        }

        await using var receiver = await Receiver.StartAsync(port);
        await using var next = await StartAsync(receiver.Url);
        var report = await ReportAsync(next, id);

        Assert.True(Assert.Single(report.Deliveries).Delivered);
        Assert.All(receiver.Messages, message => Assert.Equal($"nt-{id}", message.Headers["X-CaptureFlow-Id"]));
    }

    [Fact]
    public async Task Receiver_NobodyThere_CaptureEndsAllTheSameAndTheAddressIsNotLogged()
    {
        await using var host = await StartAsync(new Uri($"http://127.0.0.1:{FreePort()}/services/a-secret-path"));

        var id = await OrderAsync(host, "shop/web");
        var ended = await host.WhenEndedAsync(id);
        await AlertHost.UntilAsync("an attempt failed", () => Task.FromResult(host.Log.Contains("was not told yet", StringComparison.Ordinal) ? host.Log : null));

        Assert.Equal("completed", ended["status"]!.GetValue<string>());
        Assert.DoesNotContain("a-secret-path", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ReceiversWrong_AllNamedWithoutAddressOrSecret()
    {
        Dictionary<string, string?> settings = new()
        {
            ["CaptureFlow:Notifications:a:Url"] = "http://receiver.example/a-secret-path",
            ["CaptureFlow:Notifications:a:Secrets:0"] = "too-short",
            ["CaptureFlow:Notifications:b:Url"] = "https://receiver.example/",
            ["CaptureFlow:Notifications:b:Kind"] = "mail",
            ["CaptureFlow:Notifications:b:Outcomes:0"] = "finished",
            ["CaptureFlow:Notifications:c:Url"] = "https://169.254.169.254/latest",
            ["CaptureFlow:Notifications:c:Secrets:0"] = Secret,
            ["CaptureFlow:Notifications:d:Url"] = "https://[fd12::1]/hook",
            ["CaptureFlow:Notifications:d:Secrets:0"] = Secret,
            ["CaptureFlow:PublicUrl"] = "http://captureflow.example",
        };

        var refusal = await Assert.ThrowsAsync<HostRefusedException>(() => AlertHost.StartAsync(_folder.FullName, settings));

        Assert.All(["a:Url", "a:Secrets", "b:Kind", "b:Outcomes", "c:Url", "d:Url"], setting => Assert.Contains($"CaptureFlow:Notifications:{setting}", refusal.Problem, StringComparison.Ordinal));
        Assert.Contains("CaptureFlow:PublicUrl", refusal.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret-path", refusal.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("too-short", refusal.Problem, StringComparison.Ordinal);
    }

    private Task<AlertHost> StartAsync(Uri url, params (string Key, string Value)[] settings)
    {
        Dictionary<string, string?> all = new() { ["CaptureFlow:Notifications:ops:Url"] = url.ToString(), ["CaptureFlow:Notifications:ops:Secrets:0"] = Secret };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return AlertHost.StartAsync(_folder.FullName, all);
    }

    private static Task<string> OrderAsync(AlertHost host, string pod, string duration = "1s") => OrderAsync(host, new { target = new { pod }, window = new { duration } });

    private static async Task<string> OrderAsync(AlertHost host, object order)
    {
        using var ordered = await host.Http.PostAsJsonAsync("/api/captures", order);
        return (await ordered.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<string>();
    }

    /// <summary>Waits until the watch over a capture has told, or given up.</summary>
    private static async Task<NotificationReport> ReportAsync(AlertHost host, string id)
    {
        var ended = await AlertHost.UntilAsync($"the watch over {id} is over; log: {host.Log}", async () =>
            await host.Orchestrations.GetInstanceAsync(WatchedCapture.InstanceIdOf(id), getInputsAndOutputs: true, CancellationToken.None) is { IsCompleted: true } instance ? instance : null);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        return ended.ReadOutputAs<NotificationReport>()!;
    }

    private static string Sign(string secret, string sent, byte[] body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes($"{sent}."), .. body]));

    private static int FreePort()
    {
        using TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
