using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class DecideCommandTests
{
    [Theory]
    [InlineData(true, "approve", "approved")]
    [InlineData(false, "deny", "denied")]
    public async Task Decide_Waiting_ShowsWhatIsAskedAndSaysIt(bool approve, string route, string said)
    {
        ApprovalState approval = new(["Two look."], "Anybody.", DateTimeOffset.UnixEpoch);
        using FakeServer server = new();
        server.Then(new CaptureStatus { Id = FakeServer.Id, Status = CaptureState.AwaitingApproval, Approval = approval });
        using var client = server.Client();
        StringWriter output = new() { NewLine = "\n" };

        var exit = await DecideCommand.DecideAsync(client, FakeServer.Id, approve, "incident 42", new(output, TextWriter.Null, Live: false), CancellationToken.None);

        Assert.Equal(ExitCodes.Complete, exit);
        Assert.Equal([$"GET /api/captures/{FakeServer.Id}", $$"""POST /api/captures/{{FakeServer.Id}}/{{route}} {"comment":"incident 42"}"""], server.Requests);
        Assert.Contains("Two look.", output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith($"{said}\n", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, ExitCodes.HostUnavailable)]
    [InlineData(0, ExitCodes.Refused)]
    public async Task Decide_CannotBeSaid_ExitCodeAndErrorsTellWhy(int unreachable, int expected)
    {
        using FakeServer server = new() { Unreachable = unreachable };
        using var client = server.Client();
        StringWriter output = new(), errors = new();

        var exit = await DecideCommand.DecideAsync(client, "cf-unknown", approve: true, null, new(output, errors, Live: false), CancellationToken.None);

        Assert.Equal((expected, string.Empty), (exit, output.ToString()));
        Assert.StartsWith("captureflow: ", errors.ToString(), StringComparison.Ordinal);
    }
}
