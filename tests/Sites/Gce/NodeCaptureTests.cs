using System.Security.Cryptography;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Tests.Gce;

/// <summary>Whole captures on a node with a real OpenSSH server, a real tcpdump in a toolbox, and SFTP.</summary>
public sealed class NodeCaptureTests
{
    [Fact]
    public async Task Capture_OverSsh_FileIsWholeAndNothingIsLeft()
    {
        var compute = new ComputeStandIn { ["ssh-keys"] = "alice:ssh-ed25519 AAAAalice alice@laptop\n" };
        await using var node = await NodeUnderTest.StartAsync(compute);
        node.Talk();
        using var lab = new GceLab(compute);
        var plan = GceLab.Plan(node.Address);

        Assert.Empty(await lab.Method.CheckAsync(plan, default));
        var grant = Succeeded(await lab.Method.EnsureGrantAsync(plan, default));
        var tap = Succeeded(await lab.Method.EnsureTapAsync(plan, grant, default));
        Succeeded(await lab.Method.ObserveAsync(plan, grant, default));
        var tapped = Succeeded(await lab.Method.FinishAsync(plan, grant, false, default));
        var file = new MemoryStream();
        Assert.Null(await lab.Method.ReadAsync(plan, grant, 0, (bytes, _) => { file.Write(bytes.Span); return default; }, default));
        var proof = await lab.Method.EnsureRevokedAsync(plan, default);

        Assert.Equal(TapEnd.Window, tapped.EndedBy);
        Assert.True(tapped.PacketsCaptured > 0);
        Assert.Equal(tapped.Bytes, file.Length);
        Assert.Equal(tapped.Sha256, Convert.ToHexStringLower(SHA256.HashData(file.ToArray())));
        Assert.False(tap.Ephemeral);
        Assert.True(proof.Proven, string.Join('\n', proof.Answers));
        Assert.Equal(3, proof.Answers.Count);
        Assert.Equal("alice:ssh-ed25519 AAAAalice alice@laptop\n", compute["ssh-keys"]);
        Assert.Equal("", (await node.OnNodeAsync("ls -A /tmp")).Trim());
    }

    [Fact]
    public async Task Capture_ThroughIapThatBreaks_FileIsWhole()
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute);
        await using var relay = await IapRelayServer.StartAsync(node.Address, 22);
        relay.Garbage = true;
        relay.CutAfter(2_000);
        relay.CutAfter(200_000);
        relay.CutAfter(2_000_000);
        using var lab = new GceLab(compute, IapTunnelTests.Tunnel(relay));
        var plan = GceLab.Plan(node.Address);

        var grant = Succeeded(await lab.Method.EnsureGrantAsync(plan, default));
        node.Talk();
        Succeeded(await lab.Method.EnsureTapAsync(plan, grant, default));
        var tapped = Succeeded(await lab.Method.FinishAsync(plan, grant, false, default));
        // What the tap wrote is small; a large file shows the tunnel's own windows at work.
        await node.OnNodeAsync($"head -c 5000000 /dev/urandom >/tmp/captureflow/{plan.Order.CaptureId}/capture.pcap");
        var hash = (await node.OnNodeAsync($"sha256sum </tmp/captureflow/{plan.Order.CaptureId}/capture.pcap"))[..64];
        var file = new MemoryStream();
        Assert.Null(await lab.Method.ReadAsync(plan, grant, 0, (bytes, _) => { file.Write(bytes.Span); return default; }, default));
        var proof = await lab.Method.EnsureRevokedAsync(plan, default);

        Assert.True(tapped.PacketsCaptured > 0);
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(file.ToArray())));
        Assert.Equal(3, relay.Reconnects);
        Assert.True(proof.Proven, string.Join('\n', proof.Answers));
    }

    [Fact]
    public async Task Steps_OnAnotherHostEach_MakeKeysOfTheirOwnAndAllGo()
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute);
        using var first = new GceLab(compute);
        using var second = new GceLab(compute);
        using var third = new GceLab(compute);
        var plan = GceLab.Plan(node.Address, TimeSpan.FromMinutes(5));

        var grant = Succeeded(await first.Method.EnsureGrantAsync(plan, default));
        var again = Succeeded(await second.Method.EnsureGrantAsync(plan, default));
        var tap = Succeeded(await first.Method.EnsureTapAsync(plan, grant, default));
        var same = Succeeded(await second.Method.EnsureTapAsync(plan, grant, default));
        Succeeded(await second.Method.FinishAsync(plan, grant, stopNow: true, default));
        var keys = InstanceKeyCount(compute);
        var proof = await third.Method.EnsureRevokedAsync(plan, default);
        var repeated = await first.Method.EnsureRevokedAsync(plan, default);

        Assert.Equal(grant.ExpiresAt, again.ExpiresAt);
        Assert.Equal(2, keys);
        Assert.InRange(same.ListeningAt - tap.ListeningAt, TimeSpan.FromSeconds(-2), TimeSpan.FromSeconds(2));
        Assert.True(proof.Proven, string.Join('\n', proof.Answers));
        Assert.Equal(0, InstanceKeyCount(compute));
        Assert.True(repeated.Proven, string.Join('\n', repeated.Answers));
    }

    [Fact]
    public async Task Connection_CutInTheWindow_TapGoesOn()
    {
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute);
        node.Talk();
        var tunnel = new CuttingTunnel();
        using var lab = new GceLab(compute, tunnel);
        var plan = GceLab.Plan(node.Address, TimeSpan.FromSeconds(5));
        var grant = Succeeded(await lab.Method.EnsureGrantAsync(plan, default));
        Succeeded(await lab.Method.EnsureTapAsync(plan, grant, default));
        var before = tunnel.Opened;

        var finishing = lab.Method.FinishAsync(plan, grant, false, default);
        await NodeUnderTest.Eventually(async () => tunnel.Opened > before && (await node.OnNodeAsync("pgrep -fc 'captureflow.*0 30' || true")).Trim() != "0", "finish waits on the node");
        tunnel.CutNow();
        var tapped = Succeeded(await finishing);

        Assert.True(tunnel.Opened >= before + 2);
        Assert.Equal(TapEnd.Window, tapped.EndedBy);
        Assert.InRange(tapped.WindowSeconds, 4.9, 60);
        Assert.True((await lab.Method.EnsureRevokedAsync(plan, default)).Proven);
    }

    [Fact]
    public async Task Retrieval_CutInTheMiddle_ResumesInConstantMemory()
    {
        const int Size = 96 << 20;
        var compute = new ComputeStandIn();
        await using var node = await NodeUnderTest.StartAsync(compute);
        var tunnel = new CuttingTunnel();
        using var lab = new GceLab(compute, tunnel);
        var plan = GceLab.Plan(node.Address);
        var grant = Succeeded(await lab.Method.EnsureGrantAsync(plan, default));
        var folder = $"/tmp/captureflow/{plan.Order.CaptureId}";
        await node.OnNodeAsync($"mkdir -p {folder} && head -c {Size} /dev/urandom >{folder}/capture.pcap && chown -R captureflow /tmp/captureflow");
        var hash = (await node.OnNodeAsync($"sha256sum <{folder}/capture.pcap"))[..64];
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long got = 0, looked = 0, most = 0;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        ValueTask Sink(ReadOnlyMemory<byte> bytes, CancellationToken token)
        {
            sum.AppendData(bytes.Span);
            got += bytes.Length;
            if (got - looked > 16 << 20)
            {
                looked = got;
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }

            return default;
        }

        tunnel.CutAfter(30 << 20);
        var cut = await lab.Method.ReadAsync(plan, grant, 0, Sink, default);
        var atCut = got;
        var started = TimeProvider.System.GetTimestamp();
        var rest = await lab.Method.ReadAsync(plan, grant, got, Sink, default);
        TestContext.Current.TestOutputHelper?.WriteLine($"{(Size - atCut) / TimeProvider.System.GetElapsedTime(started).TotalSeconds / 1e6:0.0} MB/s, at most {most / 1e6:0.0} MB live");

        Assert.Equal(FaultCodes.TransferCut, cut?.Code);
        Assert.InRange(atCut, 16 << 20, 31 << 20);
        Assert.Null(rest);
        Assert.Equal(Size, got);
        Assert.Equal(hash, Convert.ToHexStringLower(sum.GetHashAndReset()));
        Assert.InRange(most, 0, 32 << 20);
    }

    private static int InstanceKeyCount(ComputeStandIn compute) => CaptureFlow.Sites.Gce.SshKeysText.Ours(compute["ssh-keys"] ?? "").Count;

    internal static T Succeeded<T>(StepResult<T> result)
        where T : class
    {
        Assert.True(result.Succeeded, string.Join('\n', result.Faults));
        return result.Value;
    }
}
