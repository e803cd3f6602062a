using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Gce;
using static CaptureFlow.Sites.Tests.Gce.NodeCaptureTests;

namespace CaptureFlow.Sites.Tests.Gce;

/// <summary>What can be wrong with a node, each with the fault that says so, and nothing left behind.</summary>
public sealed class NodeFaultTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HostKey_NotTheKnownOne_IsNeverTrusted(bool pinned)
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute);
        compute.HostKeys.Clear();
        compute.HostKeys.Add(("ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAIKJLXv0cQiFZfBfnUXCZFVIKyLo8WbBFhDFYvRLTKLsN"));
        using var lab = new GceLab(compute, configure: options =>
        {
            options.HostKeys = pinned ? HostKeySource.Pinned : HostKeySource.GuestAttributes;
            options.PinnedHostKeys["node-1"] = "SHA256:" + new string('A', 43);
        });
        var plan = GceLab.Plan(node.Address);

        var grant = await lab.Method.EnsureGrantAsync(plan, default);
        var proof = await lab.Method.EnsureRevokedAsync(plan, default);

        var fault = Assert.Single(grant.Faults);
        Assert.Equal(FaultCodes.HostKeyUntrusted, fault.Code);
        Assert.Contains("SHA256:", fault.Detail, StringComparison.Ordinal);
        Assert.True(proof.Proven, string.Join('\n', proof.Answers));
        Assert.Equal("", compute["ssh-keys"] ?? "");
    }

    [Fact]
    public async Task HostKey_PinnedRightly_IsTrusted()
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute);
        compute.HostKeys.Clear();
        using var lab = new GceLab(compute, configure: options =>
        {
            options.HostKeys = HostKeySource.Pinned;
            options.PinnedHostKeys["node-1"] = $"{node.HostKey.Kind} {node.HostKey.Key}";
        });
        var plan = GceLab.Plan(node.Address);

        Succeeded(await lab.Method.EnsureGrantAsync(plan, default));

        Assert.True((await lab.Method.EnsureRevokedAsync(plan, default)).Proven);
    }

    [Fact]
    public async Task Key_PastItsExpiry_IsRefusedByTheNode()
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute);
        using var lab = new GceLab(compute);
        var plan = GceLab.Plan(node.Address) with { GrantLifetime = TimeSpan.FromSeconds(8) };
        var grant = Succeeded(await lab.Method.EnsureGrantAsync(plan, default));

        StepResult<TapObservation> seen = null!;
        await NodeUnderTest.Eventually(
            async () => (seen = await lab.Method.ObserveAsync(plan, grant, default)).Faults.Any(fault => fault.Code == FaultCodes.NodeRefused), "the node refuses the key");

        Assert.True(TimeProvider.System.GetUtcNow() >= grant.ExpiresAt - TimeSpan.FromSeconds(1));
        Assert.Contains("captureflow", compute["ssh-keys"], StringComparison.Ordinal);
        var swept = await lab.Method.SweepAsync(default);
        Assert.Equal((plan.Order.CaptureId, SweepOutcome.Removed), (swept.Findings.Single().CaptureId, swept.Findings.Single().Outcome));
        Assert.Equal("", compute["ssh-keys"] ?? "");
    }

    [Fact]
    public async Task Toolbox_Missing_IsNamed()
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute);
        await node.OnNodeAsync("rm /run/bin/toolbox");

        var fault = await AttachFaultAsync(compute, GceLab.Plan(node.Address));

        Assert.Equal(FaultCodes.ToolboxUnavailable, fault.Code);
    }

    [Fact]
    public async Task Toolbox_SlowToStart_HasAnAllowanceOfItsOwn()
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute);
        await node.SetToolboxDelayAsync(6);
        using var patient = new GceLab(compute);
        using var hasty = new GceLab(compute, configure: options => options.ToolboxAllowance = TimeSpan.FromSeconds(2));
        var (plan, late) = (GceLab.Plan(node.Address), GceLab.Plan(node.Address));

        var grant = Succeeded(await patient.Method.EnsureGrantAsync(plan, default));
        Succeeded(await patient.Method.EnsureTapAsync(plan, grant, default));
        Assert.True((await patient.Method.EnsureRevokedAsync(plan, default)).Proven);
        var hastyGrant = Succeeded(await hasty.Method.EnsureGrantAsync(late, default));
        var attached = await hasty.Method.EnsureTapAsync(late, hastyGrant, default);
        var proof = await hasty.Method.EnsureRevokedAsync(late, default);

        Assert.Equal(FaultCodes.AttachTimeout, attached.Faults.Single().Code);
        Assert.True(proof.Proven, string.Join('\n', proof.Answers));
        Assert.DoesNotContain(late.Order.CaptureId, await node.OnNodeAsync("ls /tmp/captureflow 2>/dev/null; ps -e -o args"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Toolbox_InUseByAnotherCapture_IsNamedUntilThatOneHasEnded()
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute);
        using var lab = new GceLab(compute);
        var (first, second) = (GceLab.Plan(node.Address, TimeSpan.FromMinutes(2)), GceLab.Plan(node.Address));
        var grant = Succeeded(await lab.Method.EnsureGrantAsync(first, default));
        Succeeded(await lab.Method.EnsureTapAsync(first, grant, default));
        var other = Succeeded(await lab.Method.EnsureGrantAsync(second, default));

        var busy = await lab.Method.EnsureTapAsync(second, other, default);
        Succeeded(await lab.Method.EnsureTapAsync(first, grant, default));
        Assert.True((await lab.Method.EnsureRevokedAsync(first, default)).Proven);
        var after = await lab.Method.EnsureTapAsync(second, other, default);
        var proof = await lab.Method.EnsureRevokedAsync(second, default);

        var fault = Assert.Single(busy.Faults);
        Assert.Equal((FaultCodes.ToolboxUnavailable, "another capture runs in the node's toolbox"), (fault.Code, fault.Detail));
        Succeeded(after);
        Assert.True(proof.Proven, string.Join('\n', proof.Answers));
    }

    [Fact]
    public async Task Memory_ThatTmpIsMadeOf_IsAskedBeforeItStarts()
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute);
        await node.OnNodeAsync("sed 's/^MemAvailable:.*/MemAvailable: 1000 kB/' /proc/meminfo >/run/meminfo && mount --bind /run/meminfo /proc/meminfo");

        var fault = await AttachFaultAsync(compute, GceLab.Plan(node.Address));

        Assert.Equal(FaultCodes.NodeDiskFull, fault.Code);
        Assert.StartsWith("1000 kB of memory available", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disk_TooSmallForTheFile_IsSaidBeforeItStarts()
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute, tmpSize: "8m");

        var fault = await AttachFaultAsync(compute, GceLab.Plan(node.Address, maxBytes: 64 << 20));

        Assert.Equal(FaultCodes.NodeDiskFull, fault.Code);
        Assert.Contains("kB needed", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disk_FillingUpInTheWindow_EndsItWithAnAccount()
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute, tmpSize: "8m");
        node.Talk();
        using var lab = new GceLab(compute);
        var plan = GceLab.Plan(node.Address, TimeSpan.FromMinutes(2));
        var grant = Succeeded(await lab.Method.EnsureGrantAsync(plan, default));
        Succeeded(await lab.Method.EnsureTapAsync(plan, grant, default));

        await node.OnNodeAsync("cat /dev/zero >/tmp/hog 2>/dev/null || true");
        var summary = Succeeded(await lab.Method.FinishAsync(plan, grant, false, default));
        var proof = await lab.Method.EnsureRevokedAsync(plan, default);

        Assert.Equal(TapEnd.Full, summary.EndedBy);
        Assert.True(proof.Proven, string.Join('\n', proof.Answers));
    }

    [Fact]
    public async Task Disk_FullAndTheTapGivesNoAccount_IsAFault()
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute, tmpSize: "8m");
        using var lab = new GceLab(compute);
        var plan = GceLab.Plan(node.Address, TimeSpan.FromMinutes(2));
        var grant = Succeeded(await lab.Method.EnsureGrantAsync(plan, default));
        Succeeded(await lab.Method.EnsureTapAsync(plan, grant, default));
        var tap = (await node.OnNodeAsync($"cat /tmp/captureflow/{plan.Order.CaptureId}/pid")).Trim();

        await node.OnNodeAsync($"kill -STOP {tap}; cat /dev/zero >/tmp/hog 2>/dev/null || true");
        var finished = await lab.Method.FinishAsync(plan, grant, false, default);
        await node.OnNodeAsync($"rm /tmp/hog; kill -CONT {tap}");
        var proof = await lab.Method.EnsureRevokedAsync(plan, default);

        Assert.Equal(FaultCodes.NodeDiskFull, finished.Faults.Single().Code);
        Assert.True(proof.Proven, string.Join('\n', proof.Answers));
    }

    [Fact]
    public async Task Filter_ThatDoesNotCompile_IsSaidInTcpdumpsWords()
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute);

        var fault = await AttachFaultAsync(compute, GceLab.Plan(node.Address, filter: "'; touch /tmp/owned; '"));

        Assert.Equal(FaultCodes.FilterInvalid, fault.Code);
        Assert.DoesNotContain("owned", await node.OnNodeAsync("ls -A /tmp"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_WhileTheAgentStillLetsTheKeyIn_IsNotProven()
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute);
        using var lab = new GceLab(compute, configure: options => options.RefusedWithin = TimeSpan.FromSeconds(1));
        var plan = GceLab.Plan(node.Address);
        Succeeded(await lab.Method.EnsureGrantAsync(plan, default));
        var agent = compute.Agent;
        compute.Agent = _ => { };

        var early = await lab.Method.EnsureRevokedAsync(plan, default);
        compute.Agent = agent;
        agent(compute["ssh-keys"] ?? "");
        var late = await lab.Method.EnsureRevokedAsync(plan, default);

        Assert.False(early.Proven);
        Assert.Equal("let in", early.Answers.Single(answer => !answer.Holds).Answer);
        Assert.True(late.Proven, string.Join('\n', late.Answers));
    }

    [Fact]
    public async Task Revoke_NextRoundOnAnotherHostThatFindsNoKey_AsksTheTapAllTheSame()
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute);
        var plan = GceLab.Plan(node.Address, TimeSpan.FromMinutes(2));
        using (var first = new GceLab(compute))
        {
            var grant = Succeeded(await first.Method.EnsureGrantAsync(plan, default));
            Succeeded(await first.Method.EnsureTapAsync(plan, grant, default));
        }

        using var cutOff = new GceLab(compute, new NoWay(), options => options.LoginWithin = TimeSpan.FromSeconds(1));
        using var another = new GceLab(compute, new NoWay(), options => options.LoginWithin = TimeSpan.FromSeconds(1));
        using var last = new GceLab(compute);

        var early = await cutOff.Method.EnsureRevokedAsync(plan, default);
        var still = await another.Method.EnsureRevokedAsync(plan, default);
        var running = await node.OnNodeAsync("ps -e -o args");
        var late = await last.Method.EnsureRevokedAsync(plan, default);

        Assert.False(early.Proven, string.Join('\n', early.Answers));
        Assert.False(still.Proven, string.Join('\n', still.Answers));
        Assert.Contains(plan.Order.CaptureId, running, StringComparison.Ordinal);
        Assert.True(late.Proven, string.Join('\n', late.Answers));
        Assert.Contains(late.Answers, answer => answer.Question.StartsWith("tap ", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Order.CaptureId, await node.OnNodeAsync("ls -A /tmp/captureflow 2>/dev/null; ps -e -o args"), StringComparison.Ordinal);
        Assert.Equal("", compute["ssh-keys"] ?? "");
    }

    private sealed class NoWay : INodeTunnel
    {
        public Task<INodeRoute> OpenAsync(NodeInstance instance, IReadOnlyList<string> addresses, CancellationToken cancellationToken) => throw new IOException("no way to the node");
    }

    private static async Task<CaptureFault> AttachFaultAsync(ComputeStandIn compute, CapturePlan plan)
    {
        using var lab = new GceLab(compute);
        var grant = Succeeded(await lab.Method.EnsureGrantAsync(plan, default));
        var attached = await lab.Method.EnsureTapAsync(plan, grant, default);
        var proof = await lab.Method.EnsureRevokedAsync(plan, default);
        Assert.True(proof.Proven, string.Join('\n', proof.Answers));
        return attached.Faults.Single();
    }
}
