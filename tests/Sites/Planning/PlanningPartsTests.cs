using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using k8s.Models;

namespace CaptureFlow.Sites.Tests.Planning;

public sealed class PlanningPartsTests
{
    private static readonly CaptureTarget Target = new("shop", "web", "app");

    [Fact]
    public void PodRules_NoPod_IsPodNotFound()
    {
        Assert.Equal(FaultCodes.PodNotFound, Assert.Single(PodRules.Check(null, Target)).Code);
    }

    [Fact]
    public void PodRules_SeveralBreaches_AreReportedTogether()
    {
        var pod = Pod("Pending", "sidecar");
        pod.Metadata.Annotations = new Dictionary<string, string> { ["kubernetes.io/config.mirror"] = "x" };

        var codes = PodRules.Check(pod, Target).Select(f => f.Code);

        Assert.Equal([FaultCodes.PodNotRunning, FaultCodes.OrderInvalid, FaultCodes.ContainerNotFound], codes);
    }

    [Fact]
    public void PodRules_RunningPod_HasNoFault()
    {
        Assert.Empty(PodRules.Check(Pod("Running", "app"), Target));
    }

    [Fact]
    public void PodRules_PodBeingDeleted_IsPodNotRunning()
    {
        var pod = Pod("Running", "app");
        pod.Metadata.DeletionTimestamp = DateTime.UnixEpoch;

        Assert.Equal(FaultCodes.PodNotRunning, Assert.Single(PodRules.Check(pod, Target)).Code);
    }

    [Fact]
    public void Argv_WithFilter_IsOneArgumentAfterTheEndOfOptions()
    {
        var argv = global::CaptureFlow.Sites.Kubernetes.Planning.Argv(Order(null, CaptureWindow.HeaderSnapLength), "tcp port 80 and not host 10.0.0.1", new());

        Assert.Equal(["--", "tcp port 80 and not host 10.0.0.1"], argv.TakeLast(2));
        Assert.Equal(["-c", "3854"], argv.SkipWhile(a => a != "-c").Take(2));
        Assert.Equal(["-Z", "root", "-w", "/tmp/captureflow/cf-0000000000000000/capture.pcap"], argv.SkipWhile(a => a != "-Z").Take(4));
    }

    [Fact]
    public void Argv_FullSnapLengthWithoutFilter_HasNoCountAndNoFilter()
    {
        var argv = global::CaptureFlow.Sites.Kubernetes.Planning.Argv(Order(null, CaptureWindow.FullSnapLength), null, new());

        Assert.DoesNotContain("-c", argv);
        Assert.DoesNotContain("--", argv);
    }

    [Theory]
    [InlineData("tcp port 80", null)]
    [InlineData("tpc port 80", "syntax error")]
    [InlineData("-z /bin/sh", "syntax error")]
    public async Task FilterCheck_RealTcpdump_FindsWhatDoesNotCompile(string filter, string? complaint)
    {
        Needs.Packages("tcpdump");

        var found = await new FilterCheck(TimeProvider.System).LookAsync(filter, CancellationToken.None);

        Assert.Null(found.NotAsked);
        Assert.Equal(complaint is null, found.Complaint is null);
        Assert.Contains(complaint ?? string.Empty, found.Complaint ?? string.Empty, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FilterCheck_NoTcpdumpOnTheHost_SaysThatItWasNotAsked()
    {
        var (plan, _) = Planned();

        var look = await new FilterCheck(TimeProvider.System, "no-such-tcpdump").LookAsync("tcp", CancellationToken.None);
        var check = Preflighting.Filter(plan with { Filter = "tcp" }, new PlanSurvey(null, plan, [], []) { FilterNotAsked = look.NotAsked });

        Assert.Null(look.Complaint);
        Assert.Equal(PreflightOutcome.Unknown, check.Outcome);
        Assert.Contains("there is no tcpdump on CaptureFlow's host", check.Message, StringComparison.Ordinal);
        Assert.Contains("tcpdump -y LINUX_SLL2 -d", check.Remedy, StringComparison.Ordinal);
        Assert.Equal(PreflightOutcome.Passed, Preflighting.Filter(plan with { Filter = null }, new PlanSurvey(null, plan, [], [])).Outcome);
    }

    [Fact]
    public void TapSpec_SameGrant_IsTheSame()
    {
        var (plan, grant) = Planned();

        Assert.True(TapSpec.Same(TapSpec.Build(plan, grant, new()), TapSpec.Build(plan, grant, new())));
        Assert.False(TapSpec.Same(TapSpec.Build(plan, grant, new()), TapSpec.Build(plan with { Image = "other" }, grant, new())));
    }

    [Fact]
    public void TapSpec_SecurityContext_OverrulesThePodAndKeepsToWhatTcpdumpNeeds()
    {
        var (plan, grant) = Planned();

        var container = TapSpec.Build(plan, grant, new());

        Assert.Equal(["NET_RAW", "SETGID", "SETUID"], container.SecurityContext.Capabilities.Add);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.Equal((0L, false, false), (container.SecurityContext.RunAsUser, container.SecurityContext.RunAsNonRoot, container.SecurityContext.AllowPrivilegeEscalation));
        Assert.Equal("1970-01-01T01:00:00Z", Assert.Single(container.Env, e => e.Name == TapSpec.DeadlineVariable).Value);
        Assert.Equal("2000", Assert.Single(container.Env, e => e.Name == TapSpec.HoldVariable).Value);
    }

    [Fact]
    public void TapSpec_PlanOfATcpdumpThatStaysWhoItIs_TakesNetRawAlone()
    {
        var (plan, grant) = Planned();

        var container = TapSpec.Build(plan with { Arguments = CaptureFlow.Sites.Kubernetes.Planning.Argv(plan.Order, "-Z", new(), changesUser: false) }, grant, new());

        Assert.Equal(["NET_RAW"], container.SecurityContext.Capabilities.Add);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.DoesNotContain("root", container.Command);
    }

    [Theory]
    [InlineData("ErrImageNeverPull", null, FaultCodes.ImageUnavailable)]
    [InlineData("InvalidImageName", null, FaultCodes.ImageUnavailable)]
    [InlineData("ErrImagePull", null, null)]
    [InlineData("ErrImagePull", 25, FaultCodes.ImageUnavailable)]
    [InlineData("ImagePullBackOff", 25, FaultCodes.ImageUnavailable)]
    [InlineData("CreateContainerError", null, FaultCodes.ContainerCrashed)]
    [InlineData("ContainerCreating", 25, null)]
    public void TapWaiting_KubeletsReasons_AreUnderstood(string reason, int? failingSeconds, string? code)
    {
        var fault = TapWaiting.Judge(
            new V1ContainerStateWaiting { Reason = reason, Message = "node's words" }, "image", failingSeconds is { } s ? TimeSpan.FromSeconds(s) : null);

        Assert.Equal(code, fault?.Code);
    }

    [Theory]
    [InlineData(TapScripts.FilterWrong, FaultCodes.FilterInvalid)]
    [InlineData(TapScripts.CannotCapture, FaultCodes.ContainerCrashed)]
    [InlineData(127, FaultCodes.ContainerCrashed)]
    [InlineData(0, FaultCodes.TapGone)]
    public void TapWaiting_EarlyEnd_HasItsCodeAndTheLog(int exitCode, string code)
    {
        var fault = TapWaiting.Crashed(new V1ContainerStateTerminated { ExitCode = exitCode, Reason = "Error" }, "the log", changesUser: true);

        Assert.Equal(code, fault.Code);
        Assert.Contains("the log", fault.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcpdump: Couldn't change ownership of savefile", false, FaultCodes.TcpdumpChangesUser)]
    [InlineData("tcpdump: Couldn't change to 'tcpdump' uid=102 gid=105: Operation not permitted", false, FaultCodes.TcpdumpChangesUser)]
    [InlineData("tcpdump: capng_change_id(): return -2", false, FaultCodes.TcpdumpChangesUser)]
    [InlineData("tcpdump: Couldn't find user 'tcpdump'", false, FaultCodes.TcpdumpChangesUser)]
    [InlineData("tcpdump: any: Device exclusively opened", false, FaultCodes.ContainerCrashed)]
    [InlineData("tcpdump: Couldn't change to 'root' uid=0 gid=0: Operation not permitted", true, FaultCodes.ContainerCrashed)]
    public void TapWaiting_TcpdumpNeverListened_IsItsUserOnlyWhereThatWouldHelp(string words, bool changesUser, string code)
    {
        var fault = TapWaiting.Crashed(new V1ContainerStateTerminated { ExitCode = TapScripts.NeverListened, Reason = "Error" }, words, changesUser);

        Assert.Equal(code, fault.Code);
        Assert.Contains(words, fault.Detail, StringComparison.Ordinal);
        Assert.Equal(code == FaultCodes.TcpdumpChangesUser, fault.Remedy.Contains("CaptureFlow:Nodes:TcpdumpChangesUser", StringComparison.Ordinal));
    }

    [Fact]
    public void SummaryText_WithoutAHash_IsNone()
    {
        Assert.Null(SummaryText.TryRead("bytes=24\nsha256=\nend=window\ncentiseconds=100\nexit=0"));
    }

    [Fact]
    public void SummaryText_Whole_IsRead()
    {
        var text = $"bytes=24\nsha256={new string('a', 64)}\ncaptured=0\nreceived=3\ndropped=1\nifdropped=\ncanaries=2\nend=limit\ncentiseconds=150\nexit=0\n";

        Assert.Equal(new TapSummary(24, new string('a', 64), 0, 3, 1, null, TapEnd.Limit, 1.5, 0, 2), SummaryText.TryRead(text));
    }

    [Fact]
    public void Overdue_OnlyRunningCapturesPastTheirDeadline_AreFound()
    {
        var (plan, grant) = Planned();
        var container = TapSpec.Build(plan, grant, new());
        var foreign = new V1EphemeralContainer { Name = "debugger", Env = container.Env };
        var pod = Pod("Running", "app");
        pod.Spec.EphemeralContainers = [container, foreign];
        pod.Status.EphemeralContainerStatuses = [.. pod.Spec.EphemeralContainers.Select(c => new V1ContainerStatus { Name = c.Name, State = new() { Running = new() } })];

        Assert.Empty(ContainerSweep.Overdue(pod, grant.ExpiresAt, Bound));
        Assert.Equal([container.Name], ContainerSweep.Overdue(pod, grant.ExpiresAt.AddMinutes(1), Bound).Select(c => c.Name));
        pod.Status.EphemeralContainerStatuses[0].State = new() { Terminated = new() };
        Assert.Empty(ContainerSweep.Overdue(pod, grant.ExpiresAt.AddMinutes(1), Bound));

        static bool Bound(string space, string name) => true;
    }

    [Theory]
    [InlineData(29, false, 0)]
    [InlineData(31, false, 1)]
    [InlineData(31, true, 0)]
    public void Overdue_TapThatRunsWithoutItsBinding_IsFound(int runsForSeconds, bool bound, int found)
    {
        var (plan, grant) = Planned();
        var container = TapSpec.Build(plan, grant, new());
        var started = grant.ExpiresAt.AddMinutes(-10);
        var pod = Pod("Running", "app");
        pod.Spec.EphemeralContainers = [container];
        pod.Status.EphemeralContainerStatuses = [new() { Name = container.Name, State = new() { Running = new() { StartedAt = started.UtcDateTime } } }];

        Assert.Equal(found, ContainerSweep.Overdue(pod, started.AddSeconds(runsForSeconds), (space, name) => bound && (space, name) == (pod.Metadata.NamespaceProperty, container.Name)).Count());
    }

    [Fact]
    public void TapSpec_AskedForAgainLater_IsTheSameAndKeepsItsFirstStart()
    {
        var (plan, grant) = Planned();
        var first = grant.ExpiresAt.AddMinutes(-30);
        var made = TapSpec.Build(plan, grant, new(), first);

        Assert.True(TapSpec.Same(TapSpec.Build(plan, grant, new(), first.AddMinutes(5)), made));
        Assert.Equal(first, TapSpec.StartBy(made));
        Assert.Equal(grant.ExpiresAt, TapSpec.Deadline(made));
        Assert.Equal(grant.ExpiresAt, TapSpec.StartBy(TapSpec.Build(plan, grant, new(), grant.ExpiresAt.AddMinutes(1))));
        Assert.Equal(grant.ExpiresAt, TapSpec.StartBy(TapSpec.Build(plan, grant, new())));
    }

    [Fact]
    public void TapWaiting_StartedTooLate_IsAnAttachTimeoutInTheTapsOwnWords()
    {
        var fault = TapWaiting.Crashed(new V1ContainerStateTerminated { ExitCode = TapScripts.TooLate, Reason = "Error" }, "it is 2 here, and the tap was to start by 1", changesUser: false);

        Assert.Equal(FaultCodes.AttachTimeout, fault.Code);
        Assert.Equal("it is 2 here, and the tap was to start by 1", fault.Detail);
    }

    private static CaptureOrder Order(string? filter, int snap) => new(
        "cf-0000000000000000", Target, new(TimeSpan.FromSeconds(10), snap, 1 << 20), filter, "somebody", null, DateTimeOffset.UnixEpoch);

    private static (CapturePlan Plan, Grant Grant) Planned()
    {
        var order = Order("tcp", CaptureWindow.HeaderSnapLength);
        var argv = global::CaptureFlow.Sites.Kubernetes.Planning.Argv(order, order.Filter, new());
        var plan = new CapturePlan(order, "pod", "uid", "node", "image", argv, 10, 100, TimeSpan.FromHours(1), "", [], DateTimeOffset.UnixEpoch);
        return (plan, new("shop", order.CaptureId, "a", "b", GrantMarks.Role, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1)));
    }

    private static V1Pod Pod(string phase, string container) => new()
    {
        Metadata = new() { Name = "web", NamespaceProperty = "shop", Uid = "uid" },
        Spec = new() { Containers = [new() { Name = container }] },
        Status = new() { Phase = phase },
    };
}
