using System.Diagnostics;
using System.Security.Cryptography;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>
/// The pod site on a pod that is there already, as the identity of KUBECONFIG: CAPTUREFLOW_E2E_POD names it, NAMESPACE/POD. Changes nothing
/// of the cluster but what a capture changes.
/// </summary>
public sealed class GivenPodTests(ITestOutputHelper output)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task WholeLife_GivenPod_FileIsWholeAndRightsAreGone()
    {
        Needs.Cluster("CAPTUREFLOW_E2E_POD", "KUBECONFIG");
        var given = Environment.GetEnvironmentVariable("CAPTUREFLOW_E2E_POD")!.Split('/');
        Assert.Equal(2, given.Length);
        await using var services = SiteAlone.Build(Environment.GetEnvironmentVariable("KUBECONFIG")!, given[0]);
        var site = services.GetRequiredService<ICaptureSite>();
        var order = new CaptureOrder(
            CaptureIds.New(), new(given[0], given[1]), new(TimeSpan.FromSeconds(3), 256, 1 << 20), "tcp", "end-to-end test", null, TimeProvider.System.GetUtcNow());
        var file = new MemoryStream();

        var plan = Value(await TimedAsync("plan", () => site.PlanAsync(order, None)));
        var grant = Value(await TimedAsync("grant", () => site.EnsureGrantAsync(plan, None)));
        var began = TimeProvider.System.GetUtcNow();
        var tap = Value(await TimedAsync("tap", () => site.EnsureTapAsync(plan, grant, None)));
        output.WriteLine($"listening after {(tap.ListeningAt - began).TotalSeconds:0.000} s");
        Value(await TimedAsync("tap again", () => site.EnsureTapAsync(plan, grant, None)));
        Value(await TimedAsync("observe", () => site.ObserveAsync(plan, grant, None)));
        var summary = Value(await TimedAsync("finish", () => site.FinishAsync(plan, grant, stopNow: false, None)));
        var cut = await TimedAsync("read", () => site.ReadAsync(plan, grant, 0, Take, None));
        var proof = await TimedAsync("revoke", () => site.EnsureRevokedAsync(plan, None));
        var repeated = await TimedAsync("revoke again", () => site.EnsureRevokedAsync(plan, None));
        var sweep = await TimedAsync("sweep", () => site.SweepAsync(None));

        output.WriteLine($"{summary}\n{sweep}\n{string.Join('\n', proof.Answers)}\n{string.Join('\n', sweep.Faults)}");
        Assert.Equal((null, summary.Bytes, summary.Sha256), (cut, file.Length, Convert.ToHexStringLower(SHA256.HashData(file.ToArray()))));
        Assert.Equal(TapEnd.Window, summary.EndedBy);
        Assert.True(proof.Proven);
        Assert.True(repeated.Proven);
        Assert.Empty(sweep.Faults);

        ValueTask Take(ReadOnlyMemory<byte> bytes, CancellationToken token)
        {
            file.Write(bytes.Span);
            return ValueTask.CompletedTask;
        }
    }

    private async Task<T> TimedAsync<T>(string what, Func<Task<T>> step)
    {
        var clock = Stopwatch.StartNew();
        var result = await step();
        output.WriteLine($"{what}: {clock.Elapsed.TotalSeconds:0.000} s");
        return result;
    }

    private static T Value<T>(StepResult<T> result)
        where T : class
    {
        Assert.True(result.Succeeded, string.Join('\n', result.Faults));
        return result.Value;
    }
}
