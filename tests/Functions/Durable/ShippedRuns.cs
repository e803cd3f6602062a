using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests.Durable;

/// <summary>The paths through the orchestrators that are pinned: by name, a scripted context that has been run through one.</summary>
internal static class ShippedRuns
{
    private static readonly CaptureOrder Order = new(
        "cf-0000000000000000", new("shop", "web"), new(TimeSpan.FromSeconds(5), CaptureWindow.HeaderSnapLength, 1 << 20), null, "tests", null, DateTimeOffset.UnixEpoch);

    private static readonly CaptureFault Fault = new("a-code", "It failed.", "Mend it.");

    private static readonly Dictionary<string, Func<Task<ScriptedContext>>> Runs = new()
    {
        ["CaptureOrchestrator.completed"] = () => CaptureAsync(Steps()),
        ["CaptureOrchestrator.refused"] = () => CaptureAsync(Steps().Answer(CaptureSteps.PlanCapture, StepResult.Fault<CapturePlan>(Fault))),
        ["CaptureOrchestrator.stopped"] = () => CaptureAsync(Steps((2, CaptureEvents.Stop, new EndRequest("tests")))),
        ["CaptureOrchestrator.cancelled"] = () => CaptureAsync(Steps((2, CaptureEvents.Cancel, new EndRequest("tests")))),
        ["CaptureOrchestrator.failed"] = () => CaptureAsync(Steps().Answer(CaptureSteps.AttachContainer, StepResult.Fault<Tap>(Fault))),
        ["CaptureOrchestrator.unproven"] = () => CaptureAsync(
            Steps().Answer(CaptureSteps.RevokePermission, new StepResult<RevocationProof>(new(false, []), [Fault]))),
        ["CaptureOrchestrator.proofLater"] = () => CaptureAsync(Steps()
            .Answer(CaptureSteps.RevokePermission, new StepResult<RevocationProof>(new(true, []), [Fault with { Code = FaultCodes.StoreUnavailable }]))
            .Answer(CaptureSteps.AddProof, StepResult.Of(new RevocationProof(true, [])))),
        ["CaptureOrchestrator.approved"] = () => CaptureAsync(Steps((1, CaptureEvents.Decision, Word(yes: true)), plan => plan with { Approval = Approval })),
        ["CaptureOrchestrator.denied"] = () => CaptureAsync(Steps((1, CaptureEvents.Decision, Word(yes: false)), plan => plan with { Approval = Approval })),
        ["CaptureOrchestrator.expired"] = () => CaptureAsync(Steps(null, plan => plan with { Approval = Approval })),
        ["CaptureOrchestrator.admitted"] = () => CaptureAsync(
            Steps((1, CaptureEvents.Admission, new AdmissionAnswer(AdmissionOutcome.Admitted)), plan => plan with { Admission = Admission })),
        ["CaptureOrchestrator.unadmitted"] = () => CaptureAsync(Steps(null, plan => plan with { Admission = Admission })),
        ["FleetOrchestrator.completed"] = () => FleetAsync(new(), plan => plan),
        ["FleetOrchestrator.approved"] = () => FleetAsync(
            new() { Interruption = (1, CaptureEvents.Decision, Word(yes: true)) }, plan => plan with { Approval = Approval }),
        ["AdmissionOrchestrator.admits"] = AdmitAsync,
        ["AlertTargetOrchestrator.started"] = AlertAsync,
        ["AlertTargetOrchestratorV2.begun"] = () => CoolDownAsync(OrderOutcome.Begun),
        ["AlertTargetOrchestratorV2.refused"] = () => CoolDownAsync(OrderOutcome.Refused),
        ["AlertTargetOrchestratorV2.undecided"] = () => CoolDownAsync(OrderOutcome.Undecided),
        ["AlertCallOrchestrator.kept"] = CallAsync,
        ["NotificationOrchestrator.told"] = () => NotificationAsync(new EndingSeen(
            new() { CaptureId = Order.CaptureId, Target = "shop/web", State = CaptureState.Completed, EndedAt = DateTimeOffset.UnixEpoch }, ["ops", "people"])),
        ["NotificationOrchestrator.running"] = () => NotificationAsync(new EndingSeen(null, [])),
        ["RevocationOrchestrator.proven"] = () => RevocationAsync(new(true, []), StuckState.Ended, stuck: false),
        ["RevocationOrchestrator.unproven"] = () => RevocationAsync(new(false, []), StuckState.Ended, stuck: false),
        ["RevocationOrchestrator.stuck"] = () => RevocationAsync(new(true, []), StuckState.Stuck, stuck: true),
        ["RevocationOrchestrator.moving"] = () => RevocationAsync(new(true, []), StuckState.Moving, stuck: true),
        ["RevocationOrchestrator.fleet"] = () => RevocationAsync(new(true, []), StuckState.Stuck, stuck: true, fleet: true),
    };

    public static IEnumerable<string> Names => Runs.Keys;

    public static Task<ScriptedContext> RunAsync(string name) => Runs[name]();

    private static async Task<ScriptedContext> CaptureAsync(ScriptedContext context)
    {
        await new CaptureOrchestrator().RunAsync(context, Order);
        return context;
    }

    private static ApprovalTerms Approval => new(["Two look."], TimeSpan.FromMinutes(30));

    private static AdmissionTerms Admission => new(Claims, Queue: true, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));

    private static IReadOnlyList<QuotaClaim> Claims => [new(QuotaScope.Cluster, "default", QuotaKind.Concurrent, 1, 1)];

    private static ApprovalDecision Word(bool yes) => new(yes, "key:bob", "key:bob", null, DateTimeOffset.UnixEpoch);

    private static async Task<ScriptedContext> AdmitAsync()
    {
        AdmissionMessage Ask(string id) => new(new(id, Claims, true, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1), TimeSpan.FromMinutes(10)), null);
        AdmissionMessage[] first = [Ask("cf-0000000000000001"), Ask("cf-0000000000000002"), new(null, new("cf-0000000000000001", 0, 0))];
        var context = new ScriptedContext().Early(AdmissionLedger.Message, first.Concat(Enumerable.Repeat(new AdmissionMessage(null, null), 47)));
        await new AdmissionOrchestrator().RunAsync(context, AdmissionState.Empty);
        return context;
    }

    private static async Task<ScriptedContext> FleetAsync(ScriptedContext script, Func<FleetPlan, FleetPlan> with)
    {
        FleetOrder order = new("cf-ffffffffffffffff", new FleetTarget("shop", null, "app=web"), Order.Window, null, "tests", null, DateTimeOffset.UnixEpoch);
        var context = script
            .Answer(CaptureSteps.ResolveTarget, StepResult.Of(with(new FleetPlan([FleetMember.Of(order.CaptureId, order.RequestedAt, "web-1", "1"), FleetMember.Of(order.CaptureId, order.RequestedAt, "web-2", "2")], []))))
            .Answer(nameof(CaptureOrchestrator), new CaptureReport { CaptureId = "cf-0000000000000000", State = CaptureState.Completed });
        await new FleetOrchestrator().RunAsync(context, order);
        return context;
    }

    private static async Task<ScriptedContext> AlertAsync()
    {
        var context = new ScriptedContext().Answer(AlertSteps.StartOrder, new StartedOrder(Order.CaptureId));
        await new AlertTargetOrchestrator().RunAsync(context, new(Order, null, TimeSpan.FromMinutes(15)));
        return context;
    }

    private static async Task<ScriptedContext> CallAsync()
    {
        ScriptedContext context = new();
        await new AlertCallOrchestrator().RunAsync(context, new("shop", DateTimeOffset.UnixEpoch, 1, [new("no-target", 1)], 0));
        return context;
    }

    private static async Task<ScriptedContext> CoolDownAsync(OrderOutcome outcome)
    {
        var context = new ScriptedContext()
            .Answer(AlertSteps.StartOrder, new StartedOrder(Order.CaptureId))
            .Answer(AlertSteps.LookAtOrder, new SeenOrder(outcome));
        await new AlertTargetOrchestratorV2().RunAsync(context, new(Order, null, TimeSpan.FromMinutes(15)));
        return context;
    }

    private static async Task<ScriptedContext> NotificationAsync(EndingSeen seen)
    {
        var context = new ScriptedContext()
            .Answer(NotificationSteps.ReadEnding, seen)
            .Answer(NotificationSteps.NotifyEnd, new Delivery("ops", Delivered: true));
        await new NotificationOrchestrator().RunAsync(context, new(Order.CaptureId));
        return context;
    }

    private static async Task<ScriptedContext> RevocationAsync(RevocationProof proof, StuckState state, bool stuck, bool fleet = false)
    {
        var context = new ScriptedContext()
            .Answer(RevocationSteps.ProveRevocation, new StepResult<RevocationProof>(proof, proof.Proven ? [] : [Fault]))
            .Answer(RevocationSteps.LookAtStuck, new StuckSeen(state))
            .Answer(RevocationSteps.EndStuck, new StuckEnded(Order.CaptureId));
        await new RevocationOrchestrator().RunAsync(context, new(Order.CaptureId, fleet ? null : Plan, [], stuck, new(DateTimeOffset.UnixEpoch, stuck)));
        return context;
    }

    private static CapturePlan Plan => new(Order, "pod", "uid", "node", "image", ["tcpdump"], 10, 1000, TimeSpan.FromMinutes(10), "all", [], DateTimeOffset.UnixEpoch);

    private static ScriptedContext Steps((int Timer, string Event, object Payload)? interruption = null, Func<CapturePlan, CapturePlan>? with = null)
    {
        var plan = Plan;
        return new ScriptedContext { Interruption = interruption }
            .Answer(CaptureSteps.PlanCapture, StepResult.Of(with?.Invoke(plan) ?? plan))
            .Answer(CaptureSteps.AskAdmission, StepResult.Of(new AdmissionAsked(Order.CaptureId)))
            .Answer(CaptureSteps.GrantPermission, StepResult.Of(new Grant("shop", Order.CaptureId, "a", "b", "role", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch)))
            .Answer(CaptureSteps.AttachContainer, StepResult.Of(new Tap(Order.CaptureId, null, DateTimeOffset.UnixEpoch, true)))
            .Answer(CaptureSteps.ObserveCapture, StepResult.Of(new TapObservation(10, Ended: false)))
            .Answer(CaptureSteps.FinishCapture, StepResult.Of(new TapSummary(10, "hash", 1, 1, 0, null, TapEnd.Window, 5, 0)))
            .Answer(CaptureSteps.RetrieveCapture, StepResult.Of(new RetrievedFile(10, "hash", true, 0)))
            .Answer(CaptureSteps.StoreCapture, StepResult.Of(new StoredEvidence("a", "b", 10, "hash", 1, Verdict.Complete, [])))
            .Answer(CaptureSteps.DiscardCapture, StepResult.Of(new Discarded(Order.CaptureId)))
            .Answer(CaptureSteps.RevokePermission, StepResult.Of(new RevocationProof(true, [])));
    }
}
