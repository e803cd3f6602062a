using System.Text;
using CaptureFlow.Evidence;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class EvidenceSourceTests
{
    [Theory]
    [InlineData(CaptureState.Cancelled, "It was cancelled")]
    [InlineData(CaptureState.Denied, "It was denied")]
    [InlineData(CaptureState.Expired, "It was not approved in time")]
    [InlineData(CaptureState.Refused, "It was refused")]
    [InlineData(CaptureState.Failed, "It failed")]
    public async Task CheckCapture_ThatKeptNothing_SaysSoAndHolds(CaptureState state, string why)
    {
        using FakeServer server = new() { HasManifest = false, Log = "" };
        server.Then(FakeServer.Status(state));

        var (report, problem) = await EvidenceSource.CheckCaptureAsync(server.Client(), FakeServer.Id, null, default);

        Assert.Null(problem);
        Assert.True(report!.Holds);
        Assert.StartsWith(why, report.Checks[0].Says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckCapture_DeniedWithItsLog_SaysThatTheLogHolds()
    {
        CaptureOrder order = new(FakeServer.Id, new("shop", "web"), new(TimeSpan.FromSeconds(30), 256, 1 << 20), null, "ada", null, DateTimeOffset.UnixEpoch);
        var log = CustodyChain.Continue(
            FakeServer.Id, [], [CustodyNotes.Asked(order), CustodyNotes.Decided(new(false, "aad:1", "bob", "not today", DateTimeOffset.UnixEpoch))]);
        using FakeServer server = new() { HasManifest = false, Log = Encoding.UTF8.GetString(log.Append) };
        server.Then(FakeServer.Status(CaptureState.Denied));

        var (report, _) = await EvidenceSource.CheckCaptureAsync(server.Client(), FakeServer.Id, null, default);

        Assert.True(report!.Holds);
        Assert.Equal(
            ["It was denied by a second person: nothing was kept, so there is no file to check.", "2 entries, each bound to the one before."],
            report.Checks.Where(check => check.Holds == true).Select(check => check.Says));
        Assert.StartsWith("Not anchored", Assert.Single(report.Checks, check => check.Open).Says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckCapture_CancelledWithALogThatWasChanged_DoesNotHold()
    {
        using FakeServer server = new() { HasManifest = false, Log = "{\"seq\":1}\n" };
        server.Then(FakeServer.Status(CaptureState.Cancelled));

        var (report, _) = await EvidenceSource.CheckCaptureAsync(server.Client(), FakeServer.Id, null, default);

        Assert.False(report!.Holds);
        Assert.StartsWith("Line 1 does not hold", report.Checks[1].Says, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CaptureState.Capturing)]
    [InlineData(CaptureState.Completed)]
    [InlineData(CaptureState.RevokeUnproven)]
    public async Task CheckCapture_WhoseManifestIsMissing_HasNothingToReport(CaptureState state)
    {
        using FakeServer server = new() { HasManifest = false };
        server.Then(FakeServer.Status(state));

        Assert.Null((await EvidenceSource.CheckCaptureAsync(server.Client(), FakeServer.Id, null, default)).Report);
    }

    [Fact]
    public async Task CheckCapture_AnyState_IsKnown()
    {
        foreach (var state in Enum.GetValues<CaptureState>())
        {
            using FakeServer server = new() { HasManifest = false, Log = "" };
            server.Then(FakeServer.Status(state));

            await EvidenceSource.CheckCaptureAsync(server.Client(), FakeServer.Id, null, default);
        }
    }
}
