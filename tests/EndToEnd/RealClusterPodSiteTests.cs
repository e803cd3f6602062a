using System.Diagnostics;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>What the pod site does on a real Kubernetes that no order through the application reaches.</summary>
public sealed class RealClusterPodSiteTests(RealCluster cluster, ITestOutputHelper output) : IClassFixture<RealCluster>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task EnsureTap_FilterThatOnlyTheTapRefuses_IsFilterInvalidAndRevocable()
    {
        RealCluster.SkipUnlessWanted();
        await using var services = SiteAlone.Build(cluster.CaptureFlowKubeconfig, cluster.Namespace);
        var site = services.GetRequiredService<ICaptureSite>();
        await cluster.RunAsync(RealPods.Web("typo"));
        var order = Order("typo", TimeSpan.FromSeconds(3));
        var plan = Value(await site.PlanAsync(order, None));
        plan = plan with { Arguments = [.. plan.Arguments, "--", "tpc port 80"] };
        var grant = Value(await site.EnsureGrantAsync(plan, None));

        var tap = await TimedAsync("refused filter", () => site.EnsureTapAsync(plan, grant, None));
        var proof = await site.EnsureRevokedAsync(plan, None);

        var fault = Assert.Single(tap.Faults);
        output.WriteLine($"{fault}");
        Say(proof);
        Assert.Equal(FaultCodes.FilterInvalid, fault.Code);
        Assert.Contains("syntax error", fault.Detail, StringComparison.Ordinal);
        Assert.True(proof.Proven);
    }

    [Fact]
    public async Task Plan_SeveralFaults_AreReportedTogether()
    {
        RealCluster.SkipUnlessWanted();
        await using var services = SiteAlone.Build(cluster.CaptureFlowKubeconfig, null);
        var site = services.GetRequiredService<ICaptureSite>();
        var order = Order("nobody", TimeSpan.FromHours(2)) with { Target = new("kube-system", "nobody") };

        var plan = await site.PlanAsync(order, None);

        output.WriteLine(string.Join('\n', plan.Faults));
        Assert.Contains(plan.Faults, f => f.Code == FaultCodes.WindowOverPolicy);
        Assert.Contains(plan.Faults, f => f.Code == FaultCodes.RightMissing && f.Message.Contains("create rolebindings", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sweep_ExpiredGrant_IsTakenBackAndALiveOneIsNot()
    {
        RealCluster.SkipUnlessWanted();
        await using var services = SiteAlone.Build(cluster.CaptureFlowKubeconfig, cluster.Namespace);
        var site = services.GetRequiredService<ICaptureSite>();
        await cluster.RunAsync(RealPods.Web("forgotten"));
        var forgotten = Value(await site.PlanAsync(Order("forgotten", TimeSpan.FromMinutes(1)), None)) with { GrantLifetime = TimeSpan.FromSeconds(-60) };
        var live = Value(await site.PlanAsync(Order("forgotten", TimeSpan.FromMinutes(1)), None));
        var expired = Value(await site.EnsureGrantAsync(forgotten, None));
        var kept = Value(await site.EnsureGrantAsync(live, None));

        var sweep = await TimedAsync("sweep with findings", () => site.SweepAsync(None));
        var next = await site.SweepAsync(None);
        var proof = await site.EnsureRevokedAsync(live, None);

        output.WriteLine($"{sweep}\n{string.Join('\n', sweep.Findings)}\n{string.Join('\n', sweep.Faults)}");
        Assert.Equal(["rolebinding", "serviceaccount"], sweep.Findings.Where(f => f.CaptureId == expired.Name).Select(f => f.Kind));
        Assert.All(sweep.Findings, f => Assert.Equal(SweepOutcome.Removed, f.Outcome));
        Assert.DoesNotContain(sweep.Findings, f => f.CaptureId == kept.Name);
        Assert.Empty(next.Findings);
        Assert.NotEmpty(next.Live);
        Assert.True(proof.Proven);
    }

    private CaptureOrder Order(string pod, TimeSpan duration) => new(
        CaptureIds.New(),
        new(cluster.Namespace, pod),
        new(duration, CaptureWindow.HeaderSnapLength, 64 << 20),
        Filter: null,
        "end-to-end test",
        "a test",
        TimeProvider.System.GetUtcNow());

    private async Task<T> TimedAsync<T>(string what, Func<Task<T>> step)
    {
        var clock = Stopwatch.StartNew();
        var result = await step();
        output.WriteLine($"{what}: {clock.Elapsed.TotalSeconds:0.000} s");
        return result;
    }

    private void Say(RevocationProof proof) => output.WriteLine(string.Join('\n', proof.Answers));

    private static T Value<T>(StepResult<T> result)
        where T : class
    {
        Assert.True(result.Succeeded, string.Join('\n', result.Faults));
        return result.Value;
    }
}
