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

    internal static T Succeeded<T>(StepResult<T> result)
        where T : class
    {
        Assert.True(result.Succeeded, string.Join('\n', result.Faults));
        return result.Value;
    }
}
