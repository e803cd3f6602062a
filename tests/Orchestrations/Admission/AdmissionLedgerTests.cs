using System.Text.Json;
using CsCheck;

namespace CaptureFlow.Orchestrations.Tests.Admission;

public sealed class AdmissionLedgerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Take_ClusterOfOne_LetsInOneAfterTheOtherInTheirOrder()
    {
        var ledger = New();

        var told = ((string[])["a", "b", "c"]).Select((id, i) => ledger.Take(Ask(id, i, InCluster(1)), Noon.AddSeconds(i))[id]).ToList();
        var afterFirst = ledger.Take(Done("a"), Noon.AddSeconds(9));
        var afterSecond = ledger.Take(Done("b"), Noon.AddSeconds(10));

        Assert.Equal([(AdmissionOutcome.Admitted, 0), (AdmissionOutcome.Waiting, 1), (AdmissionOutcome.Waiting, 2)], told.Select(answer => (answer.Outcome, answer.Place)));
        Assert.Equal("concurrent captures in cluster 'default' (1 of 1)", told[1].Claim!.Say(told[1].Used));
        Assert.Equal([("b", AdmissionOutcome.Admitted, 0), ("c", AdmissionOutcome.Waiting, 1)], Said(afterFirst));
        Assert.Equal([("c", AdmissionOutcome.Admitted, 0)], Said(afterSecond));
    }

    [Fact]
    public void Take_FloodOfOneCaller_DoesNotDelayAnother()
    {
        var ledger = New();
        for (var i = 0; i < 50; i++)
        {
            ledger.Take(Ask($"flood-{i:00}", i, OfCaller("mallory", 2), InCluster(5)), Noon);
        }

        var other = ledger.Take(Ask("other", 99, OfCaller("alice", 2), InCluster(5)), Noon);

        Assert.Equal([("other", AdmissionOutcome.Admitted, 0)], Said(other));
        Assert.Equal(new AdmissionSummary(3, 48), ledger.Summary);
    }

    [Fact]
    public void Take_ManyWaitForASharedQuota_ALaterSmallOneDoesNotOvertake()
    {
        var ledger = New();
        ledger.Take(Ask("first", 0, InCluster(5, amount: 4)), Noon);
        ledger.Take(Ask("wide", 1, InCluster(5, amount: 3)), Noon);

        var narrow = ledger.Take(Ask("narrow", 2, InCluster(5)), Noon);
        var freed = ledger.Take(Done("first"), Noon);

        Assert.Equal([("narrow", AdmissionOutcome.Waiting, 2)], Said(narrow));
        Assert.Equal([("narrow", AdmissionOutcome.Admitted, 0), ("wide", AdmissionOutcome.Admitted, 0)], Said(freed));
    }

    [Fact]
    public void Take_AskedAgain_HasOnePlaceAndHearsOfIt()
    {
        var ledger = New();
        ledger.Take(Ask("a", 0, InCluster(1)), Noon);
        ledger.Take(Ask("b", 1, InCluster(1)), Noon);
        ledger.Take(Ask("c", 2, InCluster(1)), Noon);

        Assert.Equal([("b", AdmissionOutcome.Waiting, 1)], Said(ledger.Take(Ask("b", 1, InCluster(1)), Noon)));
        Assert.Equal([("a", AdmissionOutcome.Admitted, 0)], Said(ledger.Take(Ask("a", 0, InCluster(1)), Noon)));
        Assert.Equal(new AdmissionSummary(1, 2), ledger.Summary);
    }

    [Fact]
    public void Take_LedgerWasLost_TheLineFormsAgainInItsOldOrder()
    {
        var ledger = New();

        foreach (var id in (string[])["running", "third", "first", "second"])
        {
            ledger.Take(Ask(id, id switch { "running" => 0, "first" => 1, "second" => 2, _ => 3 }, InCluster(1)), Noon);
        }

        Assert.Equal(["first", "second", "third"], ledger.State.Waiting.Select(waiting => waiting.Request.CaptureId));
    }

    [Fact]
    public void Take_RefuseInsteadOfQueue_RefusedWithTheQuotaAndWhenItFrees()
    {
        var ledger = New();
        ledger.Take(Ask("a", 0, InCluster(1)), Noon);

        var answer = ledger.Take(Ask("b", 1, queue: false, InCluster(1)), Noon)["b"];

        Assert.Equal(AdmissionOutcome.Refused, answer.Outcome);
        Assert.Equal((QuotaScope.Cluster, 1L, Noon + TimeSpan.FromMinutes(10)), (answer.Claim!.Scope, answer.Used, answer.FreeBy));
        Assert.Equal(new AdmissionSummary(1, 0), ledger.Summary);
    }

    [Fact]
    public void Take_AloneOverTheQuota_RefusedAtOnceAndBlocksNobody()
    {
        var ledger = New();

        var never = ledger.Take(Ask("huge", 0, Bytes(2_000, 1_000)), Noon)["huge"];
        var next = ledger.Take(Ask("small", 1, Bytes(500, 1_000)), Noon)["small"];

        Assert.Equal((AdmissionOutcome.Refused, null), (never.Outcome, never.FreeBy));
        Assert.Equal(AdmissionOutcome.Admitted, next.Outcome);
    }

    [Fact]
    public void Take_BytesOfADay_BookedAtWorstAndCorrectedAtTheEnd()
    {
        var ledger = New();
        ledger.Take(Ask("a", 0, Bytes(800, 1_000)), Noon);

        var waiting = ledger.Take(Ask("b", 1, Bytes(800, 1_000)), Noon)["b"];
        var freed = ledger.Take(Done("a", bytes: 100), Noon.AddMinutes(1));

        Assert.Equal((AdmissionOutcome.Waiting, Noon.Date.AddDays(1)), (waiting.Outcome, waiting.FreeBy!.Value.UtcDateTime));
        Assert.Equal([("b", AdmissionOutcome.Admitted, 0)], Said(freed));
        Assert.Equal(900, Assert.Single(ledger.State.Spent).Value);
    }

    [Fact]
    public void Tick_TheDayIsOver_BytesAreFreeAgainAndNoOldOneIsCorrectedTwice()
    {
        var ledger = New();
        ledger.Take(Ask("a", 0, Bytes(800, 1_000)), Noon);
        ledger.Take(Ask("b", 1, Bytes(800, 1_000)), Noon);
        var midnight = new DateTimeOffset(Noon.Date.AddDays(1), TimeSpan.Zero);

        var due = ledger.Due;
        var told = ledger.Tick(midnight);
        ledger.Take(Done("a", bytes: 0), midnight);

        Assert.Equal(Noon + TimeSpan.FromMinutes(10), due);
        Assert.Equal([("b", AdmissionOutcome.Admitted, 0)], Said(told));
        Assert.Equal(800, Assert.Single(ledger.State.Spent).Value);
    }

    [Fact]
    public void Tick_CaptureNeverHeardOfAgain_ItsPlaceIsFreeAfterItsLifetime()
    {
        var ledger = New();
        ledger.Take(Ask("a", 0, InCluster(1)), Noon);
        ledger.Take(Ask("b", 1, InCluster(1)), Noon);

        Assert.Empty(ledger.Tick(Noon + TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1)));
        Assert.Equal([("b", AdmissionOutcome.Admitted, 0)], Said(ledger.Tick(ledger.Due!.Value)));
    }

    [Fact]
    public void Take_CapturesWithAllClaims_StaysWithinOneMessageAndRefusesTheRest()
    {
        var ledger = New();
        IReadOnlyList<QuotaClaim> All(int i) =>
        [
            .. from scope in Enum.GetValues<QuotaScope>()
               from kind in Enum.GetValues<QuotaKind>()
               select new QuotaClaim(scope, scope == QuotaScope.Caller ? $"é{i:0000}" + new string('ü', 60) : new string('n', 120) + $"{i:0000}", kind, 1, long.MaxValue),
            new QuotaClaim(QuotaScope.Cluster, "default", QuotaKind.Concurrent, 1, 20),
        ];
        AdmissionMessage Ask(int i) => new(new($"cf-{i:0000000000000000}", All(i), true, Noon.AddSeconds(i), Noon.AddHours(1), TimeSpan.FromMinutes(10)), null);

        var said = Enumerable.Range(0, 1_000).Select(i => ledger.Take(Ask(i), Noon)[$"cf-{i:0000000000000000}"].Outcome).ToList();

        Assert.Equal(20, said.Count(outcome => outcome == AdmissionOutcome.Admitted));
        Assert.Contains(AdmissionOutcome.Refused, said);
        Assert.InRange(said.Count(outcome => outcome == AdmissionOutcome.Waiting), 50, AdmissionLedger.LongestLine);
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(ledger.State).Length, 100_000, AdmissionLedger.LongestState);
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(ledger.State, CaptureJson.Options).Length, 100_000, AdmissionLedger.LongestState);
    }

    [Fact]
    public void Take_ThousandInLine_TellsOfNearPlacesExactlyAndStaysBounded()
    {
        var ledger = New();
        ledger.Take(Ask("running", 0, InCluster(1)), Noon);
        for (var i = 0; i < AdmissionLedger.LongestLine; i++)
        {
            ledger.Take(Ask($"cf-{i:0000}", i + 1, InCluster(1)), Noon);
        }

        var oneMore = ledger.Take(Ask("late", 5_000, InCluster(1)), Noon)["late"];
        Dictionary<string, List<int>> places = [];
        var messages = 0;
        for (var i = 0; i < AdmissionLedger.LongestLine; i++)
        {
            var told = ledger.Take(Done(i == 0 ? "running" : $"cf-{i - 1:0000}"), Noon);
            messages += told.Count;
            foreach (var (id, answer) in told)
            {
                (places.TryGetValue(id, out var list) ? list : places[id] = []).Add(answer.Place);
            }

            // A round trip through its own input, as when it starts over.
            ledger = i % 100 == 0 ? new(JsonSerializer.Deserialize<AdmissionState>(JsonSerializer.Serialize(ledger.State))!) : ledger;
        }

        Assert.Equal(AdmissionOutcome.Refused, oneMore.Outcome);
        Assert.Equal([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0], places["cf-0999"].TakeLast(11));
        Assert.InRange(messages, AdmissionLedger.LongestLine, AdmissionLedger.LongestLine * 40);
        Assert.InRange(JsonSerializer.Serialize(ledger.Summary).Length, 1, 100);
    }

    private enum Act
    {
        Ask,
        AskAgain,
        End,
        Pass,
    }

    [Fact]
    public void Take_AnyHistory_NeverOverALimitAndNobodyIsPutOut() => Gen.Select(
        Gen.Enum<Act>(), Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[1, 3], Gen.Int[0, 900]).Array[1, 120].Sample(acts =>
    {
        var ledger = New();
        var (now, count) = (Noon, 0);
        Dictionary<string, AdmissionRequest> asked = [];
        HashSet<string> ended = [];
        foreach (var (act, caller, space, amount, number) in acts)
        {
            now += TimeSpan.FromSeconds(number);
            var live = asked.Keys.Where(id => !ended.Contains(id)).Order(StringComparer.Ordinal).ToList();
            AdmissionMessage message = new(null, null);
            if (act == Act.Ask)
            {
                var id = $"cf-{count:000}";
                asked[id] = new(
                    id,
                    [
                        new(QuotaScope.Caller, $"c{caller}", QuotaKind.Concurrent, amount, 3),
                        new(QuotaScope.Namespace, $"n{space}", QuotaKind.Concurrent, amount, 4),
                        new(QuotaScope.Cluster, "default", QuotaKind.BytesPerDay, amount * 100, 1_000),
                    ],
                    true,
                    Noon.AddSeconds(count++),
                    now.AddDays(2),
                    TimeSpan.FromDays(3));
                message = new(asked[id], null);
            }
            else if (act == Act.AskAgain && live.Count > 0)
            {
                message = new(asked[live[number % live.Count]], null);
            }
            else if (act == Act.End && live.Count > 0)
            {
                var id = live[number % live.Count];
                ended.Add(id);
                message = new(null, new(id, number % 200, 0));
            }

            ledger.Take(message, now);
            var state = ledger.State;
            var (inside, inLine) = (state.Admitted.Select(capture => capture.CaptureId).ToList(), state.Waiting.Select(waiting => waiting.Request.CaptureId).ToList());

            // Nobody is lost, nobody is in twice, and whoever ended holds nothing.
            Assert.Equal(asked.Keys.Except(ended).Where(id => asked[id].Until > now).Order(StringComparer.Ordinal), inside.Concat(inLine).Where(id => asked[id].Until > now).Order(StringComparer.Ordinal));
            foreach (var claims in state.Admitted.SelectMany(capture => capture.Claims).Where(claim => !claim.Daily).GroupBy(claim => claim.Key))
            {
                Assert.InRange(claims.Sum(claim => claim.Amount), 0, claims.First().Limit);
            }

            Assert.All(state.Spent, spent => Assert.InRange(spent.Value, 1, 1_000));

            // In its order; and of those that don't wait for their own quota, the first has a quota that is really full.
            Assert.Equal(inLine.OrderBy(id => asked[id].Since), inLine);
            Assert.All(state.Waiting.Take(1), first => Assert.Contains(
                first.Request.Claims, claim => claim.Amount + Used(state, claim) > claim.Limit));
        }
    }, iter: 500);

    private static long Used(AdmissionState state, QuotaClaim claim) => claim.Daily
        ? state.Spent.GetValueOrDefault(claim.Key)
        : state.Admitted.SelectMany(capture => capture.Claims).Where(other => other.Key == claim.Key).Sum(other => other.Amount);

    private static AdmissionLedger New() => new(AdmissionState.Empty);

    private static AdmissionMessage Ask(string id, int at, params IReadOnlyList<QuotaClaim> claims) => Ask(id, at, true, claims);

    private static AdmissionMessage Ask(string id, int at, bool queue, params IReadOnlyList<QuotaClaim> claims) =>
        new(new(id, claims, queue, Noon.AddSeconds(at), Noon.AddDays(2), TimeSpan.FromMinutes(10)), null);

    private static AdmissionMessage Done(string id, long bytes = 0) => new(null, new(id, bytes, 0));

    private static QuotaClaim InCluster(long limit, long amount = 1) => new(QuotaScope.Cluster, "default", QuotaKind.Concurrent, amount, limit);

    private static QuotaClaim OfCaller(string caller, long limit) => new(QuotaScope.Caller, caller, QuotaKind.Concurrent, 1, limit);

    private static QuotaClaim Bytes(long amount, long limit) => new(QuotaScope.Namespace, "shop", QuotaKind.BytesPerDay, amount, limit);

    private static IEnumerable<(string, AdmissionOutcome, int)> Said(IReadOnlyDictionary<string, AdmissionAnswer> answers) =>
        answers.OrderBy(answer => answer.Key, StringComparer.Ordinal).Select(answer => (answer.Key, answer.Value.Outcome, answer.Value.Place));
}
