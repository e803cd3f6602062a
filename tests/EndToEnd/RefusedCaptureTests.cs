using System.Net;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>What cannot be captured is refused with a stable code and a remedy, and nothing is left behind.</summary>
public sealed class RefusedCaptureTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task Order_SeveralFaults_RefusedWithAllOfThem()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);

        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/nosuch" }, window = new { duration = "50m" }, filter = "tcp prot 80" });
        var capture = await host.Api.WhenEndedAsync(id);

        AssertRefused(capture, "refused", FaultCodes.FilterInvalid, FaultCodes.PodNotFound, FaultCodes.WindowOverPolicy);
        Assert.Empty(await fixture.Sandbox.LeftOversAsync());
    }

    [Fact]
    public async Task Order_PodNotRunning_Refused()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);

        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/pending" } });
        var capture = await host.Api.WhenEndedAsync(id);

        AssertRefused(capture, "refused", FaultCodes.PodNotRunning);
    }

    [Fact]
    public async Task Order_IdentityWithoutRights_RefusedNamingThem()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.NobodyKubeconfig);

        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/web" } });
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.Equal("refused", capture["status"]!.GetValue<string>());
        Assert.Contains(capture["faults"]!.AsArray(), fault => fault!["code"]!.GetValue<string>() == FaultCodes.RightMissing);
        Assert.Empty(await fixture.Sandbox.LeftOversAsync());
    }

    [Fact]
    public async Task Order_ImageThatCannotBePulled_FailsNamedAndLeavesNoRights()
    {
        using var state = new TemporaryFolder();
        await File.WriteAllTextAsync(
            Path.Combine(state.Path, "captureflow.json"),
            """{"CaptureFlow":{"Tap":{"Image":"registry.invalid/none:1","PullTolerance":"00:00:03","StartAllowance":"00:00:20"}}}""");
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);

        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/web" } });
        var capture = await host.Api.WhenEndedAsync(id);

        AssertRefused(capture, "failed", FaultCodes.ImageUnavailable);
        Assert.True(capture["revocation"]!["proven"]!.GetValue<bool>());
        Assert.Empty(await fixture.Sandbox.LeftOversAsync());
    }

    [Fact]
    public async Task Order_SameIdempotencyKey_OneCaptureAndAnotherOrderRefused()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);
        var order = new { target = new { pod = "shop/quiet" }, window = new { duration = "1s" } };

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.Api.PostAsync("/api/captures", order, "the-key")));
        var (status, problem) = await host.Api.PostAsync("/api/captures", new { target = new { pod = "shop/web" } }, "the-key");

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        var id = Assert.Single(answers.Select(answer => answer.Body["id"]!.GetValue<string>()).Distinct());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal("idempotency-key-reused", problem["code"]!.GetValue<string>());
        Assert.Equal("completed", (await host.Api.WhenEndedAsync(id))["status"]!.GetValue<string>());
        Assert.Single(await fixture.Sandbox.TapsAsync(id, "quiet"));
    }

    private static void AssertRefused(System.Text.Json.Nodes.JsonNode capture, string status, params string[] codes)
    {
        Assert.True(capture["status"]!.GetValue<string>() == status, $"{capture}");
        var faults = capture["faults"]!.AsArray();
        Assert.Equal(codes.Order(StringComparer.Ordinal), faults.Select(fault => fault!["code"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.All(faults, fault => Assert.False(string.IsNullOrWhiteSpace(fault!["remedy"]!.GetValue<string>())));
    }
}
