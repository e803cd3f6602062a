using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CaptureFlow.Functions.Notifications;
using CaptureFlow.Functions.Tests.Alerts;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Tests.Notifications;

/// <summary>One POST at the end of an order that asks for it.</summary>
public sealed class CallbackTests : IDisposable
{
    private const string Secret = "a-callback-secret-of-the-tests";
    private const string Next = "the-next-secret-of-callbacks";
    private const string Token = "sig=a-token-of-the-engine";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-callbacks-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Order_WithACallback_IsToldOnceSignedAlsoByAHostThatCameLater()
    {
        await using var receiver = await Receiver.StartAsync();
        string id;
        await using (var first = await StartAsync(receiver))
        {
            id = await OrderAsync(first, receiver, "5m");
            var view = await first.Http.GetStringAsync(new Uri($"/api/captures/{id}", UriKind.Relative));
            var kept = await InstanceAsync(first, id);

            Assert.DoesNotContain("callback", view, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Token, kept.SerializedInput, StringComparison.Ordinal);
            await AlertHost.UntilAsync("the end is watched", async () => await first.Orchestrations.GetInstanceAsync(WatchedCapture.InstanceIdOf(id)));
        }

        await using (var second = await StartAsync(receiver))
        {
            using (var cancelled = await second.Http.PostAsync(new Uri($"/api/captures/{id}/cancel", UriKind.Relative), null))
            {
                cancelled.EnsureSuccessStatusCode();
            }

            await ToldAsync(second, id);
        }

        await using var third = await StartAsync(receiver);
        var report = await ToldAsync(third, id);

        var told = Assert.Single(receiver.Messages);
        var message = JsonNode.Parse(told.Body)!;
        Assert.Equal([new Delivery(Callbacks.ReceiverName, true)], report.Deliveries);
        Assert.Equal(("/resume", "captureflow.notification/1", id, "cancelled"), (
            told.Path, message["schema"]!.GetValue<string>(), message["captureId"]!.GetValue<string>(), message["status"]!.GetValue<string>()));
        Assert.StartsWith("v1=", told.Headers["X-CaptureFlow-Signature"], StringComparison.Ordinal);
        Assert.Null(message["callback"]);
    }

    [Fact]
    public async Task Order_ToAHostThatIsNotAllowed_IsRefusedAndItsAddressNotRepeated()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = await StartAsync(receiver);

        using var answer = await host.Http.PostAsJsonAsync("/api/captures", new { target = new { pod = "shop/web" }, callback = $"https://elsewhere.example/resume?{Token}" });
        var problem = await answer.Content.ReadAsStringAsync();

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("\"field\":\"callback\"", problem, StringComparison.Ordinal);
        Assert.Contains("CaptureFlow:Callbacks:Hosts", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, problem, StringComparison.Ordinal);
        Assert.Empty(receiver.Messages);
    }

    [Theory]
    [InlineData("https://engine.example.com/resume?sig=1", true)]
    [InlineData("https://ENGINE.example.com/", true)]
    [InlineData("https://engine.example.com:8443/", false)]
    [InlineData("https://prod-1.westeurope.logic.azure.com/workflows", true)]
    [InlineData("https://prod-1.westeurope.logic.azure.com:443/workflows", true)]
    [InlineData("https://logic.azure.com/", false)]
    [InlineData("https://evil-logic.azure.com/", false)]
    [InlineData("https://engine.example.com.evil.example/", false)]
    [InlineData("https://evil.example/?engine.example.com", false)]
    [InlineData("https://user:word@engine.example.com/", false)]
    [InlineData("http://engine.example.com/", false)]
    [InlineData("http://127.0.0.1:8080/", true)]
    [InlineData("http://127.0.0.1:8081/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("/resume", false)]
    public void Seal_TableOfAddresses_OnlyAllowedHosts(string address, bool allowed)
    {
        var callbacks = Of(["engine.example.com", "*.logic.azure.com", "127.0.0.1:8080"], Secret);

        var (kept, problem, _) = callbacks.Seal(address);

        Assert.Equal(allowed, kept is not null);
        Assert.Equal(allowed, problem.Length == 0);
        Assert.Equal(allowed ? new Uri(address) : null, callbacks.TryOpen(kept)?.Url);
    }

    [Fact]
    public void Open_AfterTheSecretIsRotatedOrTheHostIsGone_IsOpenedOrNobodys()
    {
        var kept = Of(["engine.example.com"], Secret).Seal("https://engine.example.com/resume").Sealed!;

        Assert.Equal(kept, Of(["engine.example.com"], Secret).Seal("https://engine.example.com/resume").Sealed);
        Assert.NotNull(Of(["engine.example.com"], Next, Secret).TryOpen(kept));
        Assert.Null(Of(["engine.example.com"], Next).TryOpen(kept));
        Assert.Null(Of(["other.example.com"], Secret).TryOpen(kept));
        Assert.Null(Of(["engine.example.com"], Secret).TryOpen(kept[..8] + "AAAA" + kept[12..]));
        Assert.Null(Of(["engine.example.com"], Secret).TryOpen("none"));
    }

    [Theory]
    [InlineData("*", Secret, false)]
    [InlineData("*.com", Secret, false)]
    [InlineData("https://engine.example.com", Secret, false)]
    [InlineData("engine.example.com/resume", Secret, false)]
    [InlineData("engine.example.com", "short", false)]
    [InlineData("engine.example.com", null, false)]
    [InlineData("engine.example.com", "@Microsoft.KeyVault(VaultName=v;SecretName=s)", false)]
    [InlineData("engine.example.com:8443", Secret, true)]
    [InlineData("*.logic.azure.com", Secret, true)]
    public void Options_HostsAndSecrets_AreChecked(string host, string? secret, bool valid)
    {
        CallbackOptions options = new() { Hosts = [host], Secrets = secret is null ? [] : [secret] };

        Assert.Equal(valid, new CallbackOptionsRules().Validate(null, options).Succeeded);
    }

    private static Callbacks Of(IList<string> hosts, params string[] secrets) => new(Options.Create(new CallbackOptions { Hosts = hosts, Secrets = secrets }));

    private static async Task<string> OrderAsync(AlertHost host, Receiver receiver, string duration)
    {
        using var answer = await host.Http.PostAsJsonAsync(
            "/api/captures", new { target = new { pod = "shop/web" }, window = new { duration }, callback = new Uri(receiver.Url, $"/resume?{Token}") });
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!["id"]!.GetValue<string>();
    }

    private static async Task<OrchestrationMetadata> InstanceAsync(AlertHost host, string id) => (await host.Orchestrations.GetInstanceAsync(id, getInputsAndOutputs: true))!;

    private static async Task<NotificationReport> ToldAsync(AlertHost host, string id)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        var ended = await host.Orchestrations.WaitForInstanceCompletionAsync(WatchedCapture.InstanceIdOf(id), getInputsAndOutputs: true, patience.Token);
        return ended.ReadOutputAs<NotificationReport>()!;
    }

    private Task<AlertHost> StartAsync(Receiver receiver) => AlertHost.StartAsync(_folder.FullName, new Dictionary<string, string?>
    {
        ["CaptureFlow:Callbacks:Hosts:0"] = receiver.Url.Authority,
        ["CaptureFlow:Callbacks:Secrets:0"] = Secret,
    });
}
