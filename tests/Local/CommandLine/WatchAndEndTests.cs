using System.Net;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class WatchAndEndTests : IDisposable
{
    private const string NoRole = """{"code":"role-missing","errors":[{"code":"role-missing","message":"bob does not have the requester role.","remedy":"Ask for it."}]}""";
    private static readonly Uri Server = new("http://127.0.0.1:7071");
    private static readonly DateTimeOffset At = new(2026, 3, 1, 10, 0, 12, 345, TimeSpan.Zero);
    private static readonly RevocationProof Proof = new(true, [new("rolebinding shop/x", "404 NotFound", "404 NotFound", true, At)]);
    private static readonly CaptureStatus Lossy = FakeServer.Status(CaptureState.Completed, new StepRecord(CaptureSteps.GrantPermission, At, At.AddSeconds(0.4))) with
    {
        Verdict = Verdict.Lossy,
        Revocation = Proof,
        Order = new() { Target = new("shop", "web", null, null, null, null), RequestedBy = "alice", Filter = "tcp port 80" },
        Faults = [new("drops", "Packets were dropped.", "Raise the buffer.")],
    };

    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    private Terminal Terminal => new(_output, _errors, Live: false);

    [Fact]
    public async Task Watch_UnderWay_FollowedToItsEndWithItsCode()
    {
        using var server = new FakeServer().Then(FakeServer.Status(CaptureState.Granting), FakeServer.Status(CaptureState.Capturing), Lossy);

        var code = await WatchAsync(server, new());

        Assert.Equal(ExitCodes.Lossy, code);
        Assert.StartsWith($"capture {FakeServer.Id} granting\n", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("ok  rolebinding shop/x: 404 NotFound", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Raise the buffer.", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_Interrupted_EndsTheWatchingAlone()
    {
        using var server = new FakeServer().Then(FakeServer.Status(CaptureState.Capturing));
        using Interrupts interrupts = new();
        interrupts.Raise();

        var code = await WatchAsync(server, interrupts);

        Assert.Equal(ExitCodes.Cancelled, code);
        Assert.Equal(
            $"Stopped watching; the capture goes on (last seen: capturing). To follow it: captureflow watch {FakeServer.Id} --server {Server}\n",
            _errors.ToString());
        Assert.DoesNotContain(server.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_ServerAwayAtFirst_SaysSoAtOnce()
    {
        using FakeServer server = new() { Unreachable = 1 };

        var code = await WatchAsync(server, new());

        Assert.Equal((ExitCodes.HostUnavailable, "captureflow: Connection refused\n"), (code, _errors.ToString()));
    }

    [Theory]
    [InlineData(false, "stop", "the file is kept")]
    [InlineData(true, "cancel", "nothing is kept")]
    public async Task End_UnderWay_SaysWhatHappensNext(bool cancel, string route, string expected)
    {
        using var server = new FakeServer().Then(FakeServer.Status(CaptureState.Capturing));

        var code = await EndAsync(server, cancel, wait: false);

        Assert.Equal(ExitCodes.Complete, code);
        Assert.Equal([$"GET /api/captures/{FakeServer.Id}", $"POST /api/captures/{FakeServer.Id}/{route}"], server.Requests);
        Assert.Contains(expected, _output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith($"captureflow watch {FakeServer.Id} --server {Server}\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, CaptureState.Cancelled, ExitCodes.Complete)]
    [InlineData(true, CaptureState.Completed, ExitCodes.Refused)]
    [InlineData(true, CaptureState.RevokeUnproven, ExitCodes.RevokeUnproven)]
    [InlineData(false, CaptureState.Completed, ExitCodes.Complete)]
    [InlineData(false, CaptureState.RevokeUnproven, ExitCodes.RevokeUnproven)]
    public async Task End_Wait_CodeSaysHowItEnded(bool cancel, CaptureState end, int expected)
    {
        using FakeServer server = new() { AfterCancel = FakeServer.Status(end) with { Verdict = Verdict.Complete, Revocation = Proof } };
        server.Then(FakeServer.Status(CaptureState.Capturing));

        Assert.Equal(expected, await EndAsync(server, cancel, wait: true));
    }

    [Fact]
    public async Task End_EndedAlready_IsRefusedAndNothingIsAsked()
    {
        using var server = new FakeServer().Then(Lossy);

        var code = await EndAsync(server, cancel: true, wait: false);

        Assert.Equal(ExitCodes.Refused, code);
        Assert.Contains("has already ended (completed); nothing was changed.", _errors.ToString(), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task End_NoRole_TheServersSentenceWithItsRemedy()
    {
        using FakeServer server = new() { EndRefusal = (HttpStatusCode.Forbidden, NoRole) };

        var code = await EndAsync(server, cancel: false, wait: false);

        Assert.Equal((ExitCodes.Refused, "captureflow: bob does not have the requester role. Ask for it.\n"), (code, _errors.ToString()));
    }

    [Fact]
    public async Task Show_Ended_OrderStepsFaultsAndProof()
    {
        using var server = new FakeServer().Then(Lossy);

        var code = await ShowAsync(server, FakeServer.Id, json: false);

        Assert.Equal(ExitCodes.Complete, code);
        Assert.StartsWith(
            $"""
            capture {FakeServer.Id}: completed
              target     shop/web
              filter     tcp port 80
              by         alice

              grant      10:00:12.345Z  done in 0.4 s

            Lossy: 
            """.ReplaceLineEndings("\n"),
            _output.ToString(),
            StringComparison.Ordinal);
        Assert.Contains("Raise the buffer.", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("proven: every answer is the expected one", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_UnderWay_SaysHowToFollowIt()
    {
        using var server = new FakeServer().Then(FakeServer.Status(CaptureState.Capturing));

        Assert.Equal(ExitCodes.Complete, await ShowAsync(server, FakeServer.Id, json: false));

        Assert.EndsWith($"To follow it: captureflow watch {FakeServer.Id} --server {Server}\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_Json_TheServersDocumentAlone()
    {
        using var server = new FakeServer().Then(Lossy);

        await ShowAsync(server, FakeServer.Id, json: true);

        var document = System.Text.Json.JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.Equal("completed", document.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Show_UnknownId_Refused()
    {
        using FakeServer server = new();

        Assert.Equal(ExitCodes.Refused, await ShowAsync(server, "cf-00000000000000ff", json: false));

        Assert.StartsWith("captureflow: ", _errors.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    private async Task<int> ShowAsync(FakeServer server, string id, bool json)
    {
        using var client = server.Client();
        return await ShowCommand.ShowAsync(client, Server, id, json, Terminal, CancellationToken.None);
    }

    private async Task<int> WatchAsync(FakeServer server, Interrupts interrupts)
    {
        using var client = server.Client();
        return await Session(client).RunAsync(FakeServer.Id, json: false, interrupts).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private async Task<int> EndAsync(FakeServer server, bool cancel, bool wait)
    {
        using var client = server.Client();
        using Interrupts interrupts = new();
        return await EndCommand.EndAsync(client, Server, FakeServer.Id, cancel, wait ? Session(client) : null, Terminal, interrupts).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private WatchSession Session(CaptureApiClient client) => new(client, Server, Terminal, TimeProvider.System, TimeSpan.FromMilliseconds(1));
}
