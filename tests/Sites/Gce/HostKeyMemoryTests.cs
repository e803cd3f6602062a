using System.Buffers.Binary;
using System.Text;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Gce;

namespace CaptureFlow.Sites.Tests.Gce;

/// <summary>The first host keys of an instance count from then on, on every host: what a node publishes can be rewritten by its pods.</summary>
public sealed class HostKeyMemoryTests
{
    private static readonly NodeInstance Instance = new("shop-prod", "europe-west1-b", "node-1");

    [Fact]
    public async Task Of_TheFirstTime_RemembersWhatIsPublished()
    {
        var compute = Publishing(Key(1), Key(2, "ssh-rsa"));
        compute["ssh-keys"] = "somebody:ssh-ed25519 AAAA somebody@host";

        var keys = await OfAsync(compute);

        Assert.Equal(["ssh-ed25519", "ssh-rsa"], keys.Select(key => key.Algorithm));
        Assert.Equal($"4711\nssh-ed25519 {Key(1).Key}\nssh-rsa {Key(2, "ssh-rsa").Key}", compute[HostKeyMemory.Item]);
        Assert.Equal("somebody:ssh-ed25519 AAAA somebody@host", compute["ssh-keys"]);
    }

    [Fact]
    public async Task Of_AnotherKeyLater_IsRefusedOnEveryHost()
    {
        var compute = Publishing(Key(1));
        await OfAsync(compute);
        var remembered = compute[HostKeyMemory.Item];
        compute.HostKeys[0] = Key(7);

        var refusal = await Assert.ThrowsAsync<GceRefusalException>(() => OfAsync(compute));

        Assert.Equal(FaultCodes.HostKeyUntrusted, refusal.Fault.Code);
        Assert.Contains(HostKeyMemory.Item, refusal.Fault.Remedy, StringComparison.Ordinal);
        Assert.Equal(remembered, compute[HostKeyMemory.Item]);
    }

    [Fact]
    public async Task Of_KeysBesideTheFirstOrNoneAtAll_TheFirstCount()
    {
        var compute = Publishing(Key(1));
        var first = await OfAsync(compute);
        compute.HostKeys.Add(Key(7, "ssh-rsa"));

        var beside = await OfAsync(compute);
        compute.HostKeys.Clear();
        var none = await OfAsync(compute);

        Assert.Equal([first[0].Hash, first[0].Hash], new[] { Assert.Single(beside).Hash, Assert.Single(none).Hash });
        Assert.Equal(1, compute.Writes);
    }

    [Fact]
    public async Task Of_InstanceMadeAnewUnderTheName_ItsOwnFirstKeysCount()
    {
        var compute = Publishing(Key(1));
        await OfAsync(compute);
        (compute.Id, compute.HostKeys[0]) = (4_712, Key(7));

        await OfAsync(compute);

        Assert.Equal($"4712\nssh-ed25519 {Key(7).Key}", compute[HostKeyMemory.Item]);
    }

    [Fact]
    public async Task Of_SomebodyElseEditsTheMetadata_IsRememberedAllTheSame()
    {
        var compute = Publishing(Key(1));
        (compute.Conflicts, compute.SlowReads) = (1, 2);

        await OfAsync(compute);

        Assert.Contains(Key(1).Key, compute[HostKeyMemory.Item], StringComparison.Ordinal);
        Assert.Contains("other@host", compute["ssh-keys"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_WhatIsNoKey_IsNeverRemembered()
    {
        var compute = Publishing(("ssh-ed25519", "AAAA"), ("ssh-ed25519", Key(1).Key + "\nssh-rsa AAAA"));

        var refusal = await Assert.ThrowsAsync<GceRefusalException>(() => OfAsync(compute));

        Assert.Equal(FaultCodes.HostKeyUntrusted, refusal.Fault.Code);
        Assert.Null(compute[HostKeyMemory.Item]);
        Assert.Equal(0, compute.Writes);
    }

    // Each time as another host would.
    private static async Task<IReadOnlyList<TrustedHostKey>> OfAsync(ComputeStandIn compute)
    {
        using var lab = new GceLab(compute);
        return await lab.Part<HostKeys>().OfAsync(Instance, default);
    }

    private static ComputeStandIn Publishing(params (string Kind, string Key)[] keys)
    {
        var compute = new ComputeStandIn();
        compute.HostKeys.AddRange(keys);
        return compute;
    }

    private static (string Kind, string Key) Key(byte seed, string kind = "ssh-ed25519")
    {
        var blob = new byte[sizeof(int) + kind.Length + sizeof(int) + 32];
        BinaryPrimitives.WriteInt32BigEndian(blob, kind.Length);
        Encoding.ASCII.GetBytes(kind, blob.AsSpan(sizeof(int)));
        BinaryPrimitives.WriteInt32BigEndian(blob.AsSpan(sizeof(int) + kind.Length), 32);
        blob.AsSpan(^32..).Fill(seed);
        return (kind, Convert.ToBase64String(blob));
    }
}
