using System.Text;
using System.Text.Json;

namespace CaptureFlow.Orchestrations.Tests.Engine;

/// <summary>What orchestrations publish, send and return, each at its ceilings: a custom status has 16 KB of UTF-16, a message 64 KB.</summary>
public sealed class CeilingTests
{
    private const int StatusBytes = 16 << 10;
    private const int MessageBytes = 64 << 10;

    // Not plain letters: each takes six characters in JSON.
    private static readonly CaptureFault Fault = new(
        FaultCodes.RevokeUnproven, new('m', 400), new('r', 400), "target.pod", new('ж', 2_000));

    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    private static readonly string Pod = new('p', 253);
    private static readonly string Name = new('n', 63);
    private static readonly string Person = new('ж', 100);

    private static readonly IReadOnlyList<StepRecord> Timeline =
        [.. Enumerable.Range(0, 70).Select(i => new StepRecord(CaptureSteps.RevokePermission, Now, Now, FaultCodes.ClusterUnavailable))];

    private static readonly ApprovalState Approval = new(
        [new('w', 120), new('w', 120), new('w', 120)], new('a', 120), Now, new(true, Person, Person, new('ж', CaptureCeilings.ReasonLength), Now));

    private static readonly NodePlace Place = new(Name, $"gce://{Name}/{Name}/{Name}", [Name, Name], [Name, Name]);

    private static readonly CaptureOrder Order = new(
        "cf-0000000000000000",
        new(Name, Pod, Name, Name, Name, CaptureMethods.NodePod, false),
        new(CaptureCeilings.Duration, CaptureWindow.FullSnapLength, CaptureCeilings.Bytes, 1_000_000),
        new('f', CaptureCeilings.FilterLength),
        Person,
        new('ж', CaptureCeilings.ReasonLength),
        Now) { RequesterId = Person, Approval = Approval.Decision };

    private static readonly CapturePlan Plan = new(
        Order, CaptureMethods.NodePod, Guid.Empty.ToString(), Name, new('i', 255), ["tcpdump", "--", Order.Filter!], 1, CaptureCeilings.Bytes, TimeSpan.FromHours(1), new('s', 600),
        [.. Enumerable.Repeat(Order.CaptureId, 50)], Now, Order.Filter, Place, new('c', 1_500)) { AccountNamespace = Name };

    private static readonly RevocationProof Proof = RevocationProof.Of(
        [.. Enumerable.Range(0, 6).Select(i => new RevocationAnswer(new('q', 400), "404 NotFound", new('a', 1_000), false, Now))]);

    [Fact]
    public void CustomStatuses_AtTheCeilings_Fit()
    {
        CaptureProgress capture = new(CaptureState.Revoking, Timeline, long.MaxValue, Now, Now)
        {
            Approval = Approval,
            Queue = new(1_000, new('q', 300), Now, Now),
            RevokeUnproven = new(Now, 99, Fault),
            Plan = PlanInShort.Of(Plan),
        };
        FleetProgress fleet = new(
            CaptureState.Attaching,
            [.. Enumerable.Range(0, CaptureCeilings.Pods).Select(i => new FleetMember(Pod, Order.CaptureId))],
            [.. Enumerable.Range(0, CaptureCeilings.Pods).Select(i => new LeftOutPod(Pod, new('r', 60)))]) { Queue = capture.Queue };
        RevocationTries tries = new(Now, true, int.MaxValue, Now, Fault.Detail, Now, Now);

        Assert.All(
            (object[])[capture.Bounded(), fleet.Bounded(), tries, new AdmissionSummary(int.MaxValue, int.MaxValue)],
            status => Assert.InRange(Json(status).Length * sizeof(char), 1, StatusBytes));
        Assert.Equal(Timeline[^1], capture.Bounded().Timeline[^1]);
        Assert.Equal(99, capture.Bounded().RevokeUnproven!.Tries);
    }

    [Fact]
    public void CustomStatus_OfTheUsualSize_IsWhole()
    {
        CaptureProgress progress = new(CaptureState.Capturing, [.. Timeline.Take(8)]) { Plan = PlanInShort.Of(Plan) };

        Assert.Same(progress, progress.Bounded());
    }

    [Fact]
    public void Events_AtTheCeilings_Fit()
    {
        IReadOnlyList<QuotaClaim> claims =
        [
            .. from kind in Enum.GetValues<QuotaKind>()
               from i in Enumerable.Range(0, CaptureCeilings.Pods + 3)
               select new QuotaClaim(QuotaScope.Namespace, $"{Name}/{Name}", kind, long.MaxValue, long.MaxValue),
        ];

        Assert.All(
            (object[])
            [
                new AdmissionMessage(new(Order.CaptureId, claims, true, Now, Now, TimeSpan.FromHours(1)), null), new AdmissionAnswer(AdmissionOutcome.Waiting, 1_000, claims[0], long.MaxValue, Now),
                new EndRequest(Person), Approval.Decision!, new SharedWindow(Now, Now), new ListeningNotice(Order.CaptureId, Now),
            ],
            message => Assert.InRange(Bytes(message), 1, MessageBytes));
    }

    [Fact]
    public void InputsAndResults_AtTheCeilings_Fit()
    {
        CaptureReport capture = new()
        {
            CaptureId = Order.CaptureId,
            State = CaptureState.RevokeUnproven,
            Faults = [.. Enumerable.Repeat(Fault with { Detail = new('d', 1_000) }, 8)],
            Plan = Plan,
            Approval = Approval,
            Revocation = Proof,
            Timeline = Timeline,
        };
        FleetReport fleet = new()
        {
            CaptureId = Order.CaptureId,
            State = CaptureState.RevokeUnproven,
            Members = [.. Enumerable.Range(0, CaptureCeilings.Pods).Select(i => new FleetMemberReport { CaptureId = Order.CaptureId, Pod = Pod, State = CaptureState.RevokeUnproven, RightsGone = false, Faults = capture.Faults })],
            LeftOut = [.. Enumerable.Repeat(new LeftOutPod(Pod, new('r', 60)), CaptureCeilings.Pods)],
            Approval = Approval,
        };

        Assert.All(
            (object[])
            [
                capture, fleet.Bounded(), StepResult.Of(Plan), new RevokeRequest(Plan, Timeline), new ProofRequest(Plan, Proof, Timeline), new ProveRequest(Plan, Timeline, 1),
                new RevocationOrder(Order.CaptureId, Plan, Timeline, true, new(Now)), new StepResult<RevocationProof>(Proof, capture.Faults),
            ],
            message => Assert.InRange(Bytes(message), 1, MessageBytes));
        Assert.All(fleet.Bounded().Members, member => Assert.Equal(CaptureState.RevokeUnproven, member.State));
    }

    private static string Json(object value) => JsonSerializer.Serialize(value, value.GetType(), CaptureJson.Options);

    private static int Bytes(object value) => Encoding.UTF8.GetByteCount(Json(value));
}
