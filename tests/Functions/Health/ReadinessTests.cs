using System.Text.Json.Nodes;
using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Health;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Functions.Tests.Api;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests.Health;

/// <summary>What <c>GET /api/health/ready</c> says, and to whom.</summary>
public sealed class ReadinessTests
{
    private const string Key = "0123456789abcdefghij";

    [Fact]
    public async Task Ready_StoreIsAway_503AndOnlyCallersWithARoleSeeItsWords()
    {
        await using ApiHost host = new() { Key = Key };
        await host.InitializeAsync();

        var (before, _) = await AskAsync(host);
        host.Outage.Thrown = new StepUnavailableException("account-of-payments is away");
        var (status, stranger) = await AskAsync(host);
        host.Http.DefaultRequestHeaders.Add(ApiKeys.Header, Key);
        var (_, known) = await AskAsync(host);

        Assert.Equal((200, 503), (before, status));
        Assert.Equal(("failed", "failed", "ok", "unknown"), (Word(stranger), Word(stranger["checks"]!["store"]!), Word(stranger["checks"]!["taskHub"]!), Word(stranger["checks"]!["lastSweep"]!)));
        Assert.Equal("ok", Word(stranger["checks"]!["stateFolder"]!));
        Assert.DoesNotContain("payments", stranger.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("account-of-payments is away", known["checks"]!["store"]!["detail"]!.GetValue<string>());
    }

    [Fact]
    public void Clusters_OfTheLastSweep_AreOkOnlyWhereItLookedEverywhere()
    {
        SweepReport complete = new(DateTimeOffset.UnixEpoch, [], [], [], ["prod-west"]);
        var blind = complete with { Faults = [new(FaultCodes.ClusterRefused, "The sweep could not look at prod-west.", "List namespaces.")] };

        Assert.Equal(ReadyStatus.Unknown, ReadinessLook.Clusters(null).Status);
        Assert.Equal((ReadyStatus.Ok, "prod-west"), (ReadinessLook.Clusters(complete).Status, ReadinessLook.Clusters(complete).Detail));
        Assert.Equal(ReadyStatus.Failed, ReadinessLook.Clusters(blind).Status);
        Assert.DoesNotContain("prod-west", ReadinessLook.Clusters(blind).Text, StringComparison.Ordinal);
        Assert.EndsWith("List namespaces.", ReadinessLook.Clusters(blind).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, ReadyStatus.Unknown)]
    [InlineData(60, ReadyStatus.Ok)]
    [InlineData(600, ReadyStatus.Unknown)]
    public void LastSweep_ByItsAge_IsOkOrUnknown(int seconds, object expected)
    {
        SweepReport report = new(DateTimeOffset.UnixEpoch, [], [], [], []);

        Assert.Equal((ReadyStatus)expected, ReadinessLook.LastSweep(seconds < 0 ? null : (report, TimeSpan.FromSeconds(seconds))).Status);
        Assert.True(CaptureInstruments.SweepHolds > TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Of_SeveralChecks_IsAsBadAsTheWorst()
    {
        ReadyCheck ok = new(ReadyStatus.Ok, "fine", "name"), unknown = new(ReadyStatus.Unknown, "who knows", "name");

        var readiness = Readiness.Of(new Dictionary<string, ReadyCheck> { ["store"] = ok, ["clusters"] = unknown });

        Assert.Equal(ReadyStatus.Unknown, readiness.Status);
        Assert.All(readiness.WithoutNames().Checks.Values, check => Assert.Null(check.Detail));
    }

    private static string Word(JsonNode check) => check["status"]!.GetValue<string>();

    private static async Task<(int Status, JsonNode Body)> AskAsync(ApiHost host)
    {
        using var response = await host.Http.GetAsync(new Uri("/api/health/ready", UriKind.Relative));
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
