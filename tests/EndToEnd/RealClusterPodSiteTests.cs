using System.Diagnostics;
using System.Security.Cryptography;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using k8s;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>The pod site on a real Kubernetes: kubelet, container runtime, RBAC and all.</summary>
public sealed class RealClusterPodSiteTests(RealCluster cluster, ITestOutputHelper output) : IClassFixture<RealCluster>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task WholeLife_PodUnderLoad_EveryRequestIsInTheFileAndTheRightsAreGone()
    {
        Assert.SkipUnless(RealCluster.Wanted, "CAPTUREFLOW_E2E=1 and KUBECONFIG are not set");
        var web = await cluster.RunPodAsync("web");
        var order = Order("web", TimeSpan.FromSeconds(60), snapLength: 512, filter: "tcp port 8080");

        var plan = Value(await TimedAsync("plan", () => cluster.Site.PlanAsync(order, None)));
        var grant = Value(await TimedAsync("grant", () => cluster.Site.EnsureGrantAsync(plan, None)));
        var began = TimeProvider.System.GetUtcNow();
        var tap = Value(await TimedAsync("tap", () => cluster.Site.EnsureTapAsync(plan, grant, None)));
        output.WriteLine($"listening after {(tap.ListeningAt - began).TotalSeconds:0.000} s");
        var again = Value(await TimedAsync("tap again", () => cluster.Site.EnsureTapAsync(plan, grant, None)));
        await cluster.RunPodAsync("client", ["sh", "-c", $"i=0; while [ $i -lt 500 ]; do i=$((i+1)); wget -q -O /dev/null http://{web.Status.PodIP}:8080/index.html?n=$i=; done"]);
        await RealCluster.UntilAsync("client done", async () => (await cluster.PodAsync("client")).Status.Phase == "Succeeded");
        var seen = Value(await TimedAsync("observe", () => cluster.Site.ObserveAsync(plan, grant, None)));
        var summary = Value(await TimedAsync("finish (stop)", () => cluster.Site.FinishAsync(plan, grant, stopNow: true, None)));
        var file = new MemoryStream();
        var cut = await TimedAsync("read", () => cluster.Site.ReadAsync(plan, grant, 0, Into(file), None));
        var proof = await TimedAsync("revoke", () => cluster.Site.EnsureRevokedAsync(plan, None));
        var repeated = await TimedAsync("revoke again", () => cluster.Site.EnsureRevokedAsync(plan, None));
        var sweep = await TimedAsync("sweep", () => cluster.Site.SweepAsync(None));

        output.WriteLine($"{summary}\n{seen}\n{tap}\n{sweep}");
        Say(proof);
        Say(repeated);
        var text = System.Text.Encoding.Latin1.GetString(file.ToArray());
        Assert.All(Enumerable.Range(1, 500), i => Assert.Contains($"GET /index.html?n={i}= ", text, StringComparison.Ordinal));
        Assert.Equal((null, summary.Bytes, summary.Sha256), (cut, file.Length, Convert.ToHexStringLower(SHA256.HashData(file.ToArray()))));
        Assert.Equal((TapEnd.Stopped, 0L), (summary.EndedBy, summary.PacketsDroppedByKernel));
        Assert.Equal(tap.ListeningAt, again.ListeningAt, TimeSpan.FromSeconds(1));
        Assert.True(proof.Proven);
        Assert.True(repeated.Proven);
    }

    [Fact]
    public async Task Finish_SilentRestrictedPod_EndsOnTimeWithAnEmptyFile()
    {
        Assert.SkipUnless(RealCluster.Wanted, "CAPTUREFLOW_E2E=1 and KUBECONFIG are not set");
        await cluster.RunPodAsync("silent", restricted: true);
        var order = Order("silent", TimeSpan.FromSeconds(3), filter: "tcp port 9");

        var plan = Value(await cluster.Site.PlanAsync(order, None));
        var grant = Value(await cluster.Site.EnsureGrantAsync(plan, None));
        var tap = Value(await cluster.Site.EnsureTapAsync(plan, grant, None));
        var summary = Value(await cluster.Site.FinishAsync(plan, grant, stopNow: false, None));
        var late = TimeProvider.System.GetUtcNow() - tap.ListeningAt - order.Window.Duration;
        var proof = await cluster.Site.EnsureRevokedAsync(plan, None);

        output.WriteLine($"{late} after the window: {summary}");
        Assert.Equal((24L, TapEnd.Window, 0L), (summary.Bytes, summary.EndedBy, summary.PacketsCaptured));
        Assert.InRange(late, TimeSpan.Zero, TimeSpan.FromSeconds(2.5));
        Assert.True(proof.Proven);
    }

    [Fact]
    public async Task EnsureTap_FilterThatOnlyTheTapRefuses_IsFilterInvalidAndRevocable()
    {
        Assert.SkipUnless(RealCluster.Wanted, "CAPTUREFLOW_E2E=1 and KUBECONFIG are not set");
        await cluster.RunPodAsync("typo");
        var order = Order("typo", TimeSpan.FromSeconds(3));
        var plan = Value(await cluster.Site.PlanAsync(order, None));
        plan = plan with { Arguments = [.. plan.Arguments, "--", "tpc port 80"] };
        var grant = Value(await cluster.Site.EnsureGrantAsync(plan, None));

        var tap = await TimedAsync("refused filter", () => cluster.Site.EnsureTapAsync(plan, grant, None));
        var proof = await cluster.Site.EnsureRevokedAsync(plan, None);

        var fault = Assert.Single(tap.Faults);
        output.WriteLine($"{fault}");
        Say(proof);
        Assert.Equal(FaultCodes.FilterInvalid, fault.Code);
        Assert.Contains("syntax error", fault.Detail, StringComparison.Ordinal);
        Assert.True(proof.Proven);
    }

    [Fact]
    public async Task EnsureTap_ImageThatNobodyHas_IsImageUnavailableAndRevocable()
    {
        Assert.SkipUnless(RealCluster.Wanted, "CAPTUREFLOW_E2E=1 and KUBECONFIG are not set");
        await cluster.RunPodAsync("noimage");
        var site = cluster.SiteWithImage("localhost/nobody-has-this:1");
        var plan = Value(await site.PlanAsync(Order("noimage", TimeSpan.FromSeconds(3)), None));
        var grant = Value(await site.EnsureGrantAsync(plan, None));

        var tap = await TimedAsync("refused image", () => site.EnsureTapAsync(plan, grant, None));
        var proof = await site.EnsureRevokedAsync(plan, None);

        var fault = Assert.Single(tap.Faults);
        output.WriteLine($"{fault}");
        Say(proof);
        Assert.Equal(FaultCodes.ImageUnavailable, fault.Code);
        Assert.True(proof.Proven);
    }

    [Fact]
    public async Task Plan_SeveralFaults_AreReportedTogether()
    {
        Assert.SkipUnless(RealCluster.Wanted, "CAPTUREFLOW_E2E=1 and KUBECONFIG are not set");
        var order = Order("nobody", TimeSpan.FromHours(2)) with { Target = new("kube-system", "nobody") };

        var plan = await cluster.Site.PlanAsync(order, None);

        output.WriteLine(string.Join('\n', plan.Faults));
        Assert.Contains(plan.Faults, f => f.Code == FaultCodes.WindowOverPolicy);
        Assert.Contains(plan.Faults, f => f.Code == FaultCodes.RightMissing && f.Message.Contains("create serviceaccounts/token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Finish_PodDeletedInTheWindow_IsPodGoneAndRevocable()
    {
        Assert.SkipUnless(RealCluster.Wanted, "CAPTUREFLOW_E2E=1 and KUBECONFIG are not set");
        await cluster.RunPodAsync("doomed");
        var plan = Value(await cluster.Site.PlanAsync(Order("doomed", TimeSpan.FromMinutes(5)), None));
        var grant = Value(await cluster.Site.EnsureGrantAsync(plan, None));
        Value(await cluster.Site.EnsureTapAsync(plan, grant, None));
        await cluster.Admin.CoreV1.DeleteNamespacedPodAsync("doomed", cluster.Namespace);
        await RealCluster.UntilAsync("the pod is gone", async () => (await cluster.Admin.CoreV1.ListNamespacedPodAsync(cluster.Namespace, fieldSelector: "metadata.name=doomed")).Items.Count == 0);

        var finish = await TimedAsync("finish on a deleted pod", () => cluster.Site.FinishAsync(plan, grant, stopNow: true, None));
        var proof = await cluster.Site.EnsureRevokedAsync(plan, None);

        output.WriteLine($"{finish}");
        Say(proof);
        Assert.Contains(Assert.Single(finish.Faults).Code, (string[])[FaultCodes.PodGone, FaultCodes.TapGone]);
        Assert.True(proof.Proven);
    }

    [Fact]
    public async Task Read_OneGibibyte_IsWholeAtConstantMemoryAndResumesAnywhere()
    {
        Assert.SkipUnless(RealCluster.Wanted, "CAPTUREFLOW_E2E=1 and KUBECONFIG are not set");
        const long size = 1L << 30;
        await cluster.RunPodAsync("big");
        var plan = Value(await cluster.Site.PlanAsync(Order("big", TimeSpan.FromMinutes(10)), None));
        var grant = Value(await cluster.Site.EnsureGrantAsync(plan, None));
        Value(await cluster.Site.EnsureTapAsync(plan, grant, None));
        await cluster.ExecAsync("big", plan.Order.CaptureId, $"head -c {size} /dev/urandom >{TapScripts.FilePath(plan.Order.CaptureId)}");
        var sum = await cluster.ExecAsync("big", plan.Order.CaptureId, $"sha256sum <{TapScripts.FilePath(plan.Order.CaptureId)}");

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long received = 0;
        var before = Environment.WorkingSet;
        long peak = 0;
        var cut = await TimedAsync("read 1 GiB", () => cluster.Site.ReadAsync(plan, grant, 0, Take, None));
        long tail = 0;
        var again = await TimedAsync("read the last 12,345 bytes", () => cluster.Site.ReadAsync(plan, grant, size - 12_345, (bytes, _) =>
        {
            tail += bytes.Length;
            return ValueTask.CompletedTask;
        }, None));
        await cluster.Site.EnsureRevokedAsync(plan, None);

        output.WriteLine($"working set before {before >> 20} MB, peak {peak >> 20} MB");
        Assert.Equal((null, null, size, 12_345L), (cut, again, received, tail));
        Assert.StartsWith(Convert.ToHexStringLower(hash.GetHashAndReset()), sum, StringComparison.Ordinal);
        Assert.InRange(peak, 1, 200 << 20);

        ValueTask Take(ReadOnlyMemory<byte> bytes, CancellationToken token)
        {
            hash.AppendData(bytes.Span);
            received += bytes.Length;
            if (received % (64 << 20) < bytes.Length)
            {
                peak = Math.Max(peak, Environment.WorkingSet);
            }

            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task Sweep_ExpiredGrant_IsTakenBackAndALiveOneIsNot()
    {
        Assert.SkipUnless(RealCluster.Wanted, "CAPTUREFLOW_E2E=1 and KUBECONFIG are not set");
        await cluster.RunPodAsync("forgotten");
        var forgotten = Value(await cluster.Site.PlanAsync(Order("forgotten", TimeSpan.FromMinutes(1)), None)) with { GrantLifetime = TimeSpan.FromSeconds(-60) };
        var live = Value(await cluster.Site.PlanAsync(Order("forgotten", TimeSpan.FromMinutes(1)), None));
        var expired = Value(await cluster.Site.EnsureGrantAsync(forgotten, None));
        var kept = Value(await cluster.Site.EnsureGrantAsync(live, None));

        var sweep = await TimedAsync("sweep with findings", () => cluster.SweepingSite.SweepAsync(None));
        var next = await cluster.SweepingSite.SweepAsync(None);
        var proof = await cluster.Site.EnsureRevokedAsync(live, None);

        output.WriteLine($"{sweep}\n{string.Join('\n', sweep.Findings)}\n{string.Join('\n', sweep.Faults)}");
        Assert.Equal(["rolebinding", "serviceaccount"], sweep.Findings.Where(f => f.CaptureId == expired.Name).Select(f => f.Kind));
        Assert.All(sweep.Findings, f => Assert.Equal(SweepOutcome.Removed, f.Outcome));
        Assert.DoesNotContain(sweep.Findings, f => f.CaptureId == kept.Name);
        Assert.Empty(next.Findings);
        Assert.True(next.LiveGrants >= 1);
        Assert.True(proof.Proven);
    }

    private CaptureOrder Order(string pod, TimeSpan duration, int snapLength = CaptureWindow.HeaderSnapLength, string? filter = null) => new(
        CaptureIds.New(), new(cluster.Namespace, pod), new(duration, snapLength, 64 << 20), filter, "end-to-end test", "a test", TimeProvider.System.GetUtcNow());

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

    private static Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> Into(MemoryStream file) => (bytes, _) =>
    {
        file.Write(bytes.Span);
        return ValueTask.CompletedTask;
    };
}
