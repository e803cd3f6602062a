using CaptureFlow.Sites.Kubernetes;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Sites.Tests.Sweeping;

/// <summary>No tap holds up the others: each has its own time, a node that is silent is asked once, and the next sweep begins with another one.</summary>
public sealed class TapTurnsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _tried = [];
    private readonly Dictionary<string, string?> _found = [];

    [Fact]
    public async Task Run_NodeDoesNotAnswer_CostsOneTapsTimeAndIsSkippedByName()
    {
        var run = RunAsync(new(null!, null!, _time), HangOnAsync, "dead/a", "dead/b", "good/c");

        Assert.Equal(["dead/a"], _tried);
        _time.Advance(TapTurns.Each);
        await run;

        Assert.Equal(["dead/a", "good/c"], _tried);
        Assert.Equal("no answer within 20 s", _found["dead/a"]);
        Assert.Equal("skipped: node dead did not answer in time for another tap", _found["dead/b"]);
        Assert.Null(_found["good/c"]);
    }

    [Theory]
    [InlineData("False", false, "skipped: node n is not ready (KubeletNotReady)")]
    [InlineData("Unknown", false, "skipped: node n is not ready (KubeletNotReady)")]
    [InlineData(null, false, "skipped: node n is gone")]
    [InlineData("True", true, "skipped: pod a is being deleted, and its containers end with it")]
    public async Task Run_NodeNotReadyOrPodGoing_IsSkippedByName(string? ready, bool deleted, string why)
    {
        var node = ready is null ? null : new V1Node { Status = new() { Conditions = [new() { Type = "Ready", Status = ready, Reason = "KubeletNotReady" }] } };
        var pod = Pod("n/a");
        pod.Metadata.DeletionTimestamp = deleted ? DateTime.UnixEpoch : null;

        await new TapTurns(null!, null!, _time).RunAsync(
            [pod], it => it, (_, _) => throw new InvalidOperationException("Nothing is to be tried there."), (_, detail) => _found["n/a"] = detail,
            new SilentNodes((_, _) => Task.FromResult(node)), CancellationToken.None);

        Assert.Equal(why, _found["n/a"]);
    }

    [Fact]
    public async Task Run_AgainAndAgain_BeginsWithAnotherOneEachTime()
    {
        var turns = new TapTurns(null!, null!, _time);
        List<string> first = [];
        for (var sweep = 0; sweep < 3; sweep++)
        {
            _tried.Clear();
            await RunAsync(turns, (_, _) => Task.FromResult<string?>(null), "x/a", "y/b", "z/c");
            first.Add(_tried[0]);
            Assert.Equal(3, _tried.Count);
        }

        Assert.Equal(["x/a", "y/b", "z/c"], first);
    }

    private Task RunAsync(TapTurns turns, Func<string, CancellationToken, Task<string?>> end, params string[] taps) => turns.RunAsync(
        taps,
        Pod,
        (tap, token) =>
        {
            _tried.Add(tap);
            return end(tap, token);
        },
        (tap, detail) => _found[tap] = detail,
        new SilentNodes((_, _) => Task.FromResult<V1Node?>(new())),
        CancellationToken.None);

    private static async Task<string?> HangOnAsync(string tap, CancellationToken cancellationToken)
    {
        await Task.Delay(tap.StartsWith("dead", StringComparison.Ordinal) ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken);
        return null;
    }

    // NODE/POD
    private static V1Pod Pod(string tap) => new() { Metadata = new() { Name = tap.Split('/')[1] }, Spec = new() { NodeName = tap.Split('/')[0] } };
}
