using System.Net;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class CaptureFollowerTests
{
    private static readonly CaptureRequest Request = new(new("shop", "web"), new("10s", SnapLength.Full, 1_000_000, null), new("tcp port 80", null, null), null);
    private static readonly RevocationProof Proof = new(true, [new("rolebinding shop/x", "404 NotFound", "404 NotFound", true, DateTimeOffset.UnixEpoch)]);

    [Fact]
    public async Task Run_CaptureCompletes_FollowedToItsEnd()
    {
        using var server = new FakeServer().Then(
            FakeServer.Status(CaptureState.Granting),
            FakeServer.Status(CaptureState.Capturing),
            FakeServer.Status(CaptureState.Completed) with { Verdict = Verdict.Complete, Revocation = Proof });
        ScriptedView view = new();

        var outcome = await RunAsync(server, view, new());

        Assert.Equal(ExitCodes.Complete, outcome.ExitCode);
        Assert.Equal([CaptureState.Planning, CaptureState.Granting, CaptureState.Capturing, CaptureState.Completed], view.States);
        Assert.Equal(
            """POST /api/captures {"target":{"namespace":"shop","pod":"web"},"window":{"duration":"10s","snapLength":"full","maxBytes":1000000},"filter":{"expression":"tcp port 80"}}""",
            server.Requests.First());
    }

    [Fact]
    public async Task Run_InterruptedOnce_CancelsAndWaitsForTheRevoke()
    {
        using FakeServer server = new() { AfterCancel = FakeServer.Status(CaptureState.Cancelled) with { Revocation = Proof } };
        server.Then(FakeServer.Status(CaptureState.Capturing));
        using Interrupts interrupts = new();
        ScriptedView view = new() { On = (CaptureState.Capturing, interrupts.Raise) };

        var outcome = await RunAsync(server, view, interrupts);

        Assert.Equal(ExitCodes.Cancelled, outcome.ExitCode);
        Assert.Single(server.Requests, r => r.StartsWith($"POST /api/captures/{FakeServer.Id}/cancel", StringComparison.Ordinal));
        Assert.Equal(CaptureState.Cancelled, view.States[^1]);
        Assert.Contains("Ctrl-C again", Assert.Single(view.Sentences), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_InterruptedTwice_SaysWhatMayBeLeft()
    {
        using FakeServer server = new();
        server.Then(FakeServer.Status(CaptureState.Capturing));
        using Interrupts interrupts = new();
        ScriptedView view = new() { On = (CaptureState.Capturing, () => { interrupts.Raise(); interrupts.Raise(); }) };

        var outcome = await RunAsync(server, view, interrupts);
        var result = CaptureResult.Of(outcome);

        Assert.True(outcome.Abandoned);
        Assert.Equal(ExitCodes.RevokeUnproven, outcome.ExitCode);
        Assert.Contains(result.Notes, n => n.Contains("reaper", StringComparison.Ordinal));
        Assert.Contains(result.Notes, n => n.Contains($"kubectl get serviceaccounts,rolebindings -A -l captureflow.io/capture-id={FakeServer.Id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_ServerAwayDuringTheCancel_CancelsOnceItIsBack()
    {
        using FakeServer server = new() { AfterCancel = FakeServer.Status(CaptureState.Cancelled) with { Revocation = Proof }, CancelsRefused = 2 };
        server.Then(FakeServer.Status(CaptureState.Capturing));
        using Interrupts interrupts = new();
        ScriptedView view = new() { On = (CaptureState.Capturing, interrupts.Raise) };

        var outcome = await RunAsync(server, view, interrupts);

        Assert.Equal(ExitCodes.Cancelled, outcome.ExitCode);
        Assert.Single(view.Sentences);
    }

    [Fact]
    public async Task Run_OrderRefused_EveryFaultAndNothingElseAsked()
    {
        const string Problem = """
            {"title":"2 things are wrong","code":"filter-invalid","errors":[
              {"code":"filter-invalid","message":"No filter.","remedy":"Mend it.","field":"filter"},
              {"code":"window-over-policy","message":"Too long.","remedy":"Shorter.","field":"window.duration"}]}
            """;
        using FakeServer server = new() { Refusal = (HttpStatusCode.UnprocessableEntity, Problem) };

        var outcome = await RunAsync(server, new(), new());

        Assert.Equal(ExitCodes.Refused, outcome.ExitCode);
        Assert.Equal(["filter-invalid", "window-over-policy"], CaptureResult.Of(outcome).Faults.Select(f => f.Code));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Run_ServerAwayForAWhile_GoesOn()
    {
        using var server = new FakeServer { Unreachable = 3 }.Then(FakeServer.Status(CaptureState.Completed) with { Verdict = Verdict.Empty, Revocation = Proof });

        var outcome = await RunAsync(server, new(), new());

        Assert.Equal(ExitCodes.Empty, outcome.ExitCode);
    }

    [Fact]
    public async Task Run_NotAServerAtAll_ExitCodeSaysSo()
    {
        using FakeServer server = new() { Refusal = (HttpStatusCode.BadGateway, "<html>") };

        var outcome = await RunAsync(server, new(), new());

        Assert.Equal(ExitCodes.HostUnavailable, outcome.ExitCode);
    }

    private static async Task<CaptureOutcome> RunAsync(FakeServer server, ScriptedView view, Interrupts interrupts)
    {
        using var client = server.Client();
        CaptureFollower follower = new(client, view, TimeProvider.System, TimeSpan.FromMilliseconds(1));
        return await follower.RunAsync(Request, interrupts).WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Notes what it is shown, and does something once a state appears.</summary>
    private sealed class ScriptedView : ICaptureView
    {
        private bool _done;

        public (CaptureState State, Action Do)? On { get; init; }

        public List<CaptureState> States { get; } = [];

        public List<string> Sentences { get; } = [];

        public Task<T> WhileAsync<T>(Func<Task<T>> work) => work();

        public void Show(CaptureStatus status)
        {
            States.Add(status.Status);
            if (!_done && On is { } on && on.State == status.Status)
            {
                _done = true;
                on.Do();
            }
        }

        public void Say(string sentence) => Sentences.Add(sentence);
    }
}
