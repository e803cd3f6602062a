using System.Text;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging.Abstractions;

namespace CaptureFlow.Evidence.Tests;

/// <summary>A capture recorded by a host with a key, and then written anew by somebody who has the store, but not the key.</summary>
public sealed class AnchorTests : IAsyncLifetime
{
    private static readonly byte[] File = new PcapBytes().Packets(3, 50);

    private readonly CustodyKey _key = CustodyKey.Create();
    private readonly TempStore _honest = new();
    private readonly TempStore _forged = new();
    private readonly string _id = CaptureIds.New();
    private CustodyPublicKeys _keys = null!;

    public async ValueTask InitializeAsync()
    {
        _keys = Make.Keys(_key);
        await RecordAsync(_honest, _key, Make.Plan(_id));
    }

    public ValueTask DisposeAsync()
    {
        _honest.Dispose();
        _forged.Dispose();
        _keys.Dispose();
        _key.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Check_AsSigned_HoldsAndSaysByWhichKey()
    {
        var report = await CheckAsync(_honest);

        Assert.True(report.Holds, string.Join('\n', report.Checks));
        Assert.Equal((true, $"Entry 7, the last, is signed by key {_key.Id}, and all before it by their hashes."), Check(report, "signed"));
        Assert.Equal("day", Assert.Single(report.Checks, check => check.Open).Name);
    }

    [Fact]
    public async Task Check_WrittenAnewWithAllHashes_IsFoundByTheKeyAlone()
    {
        var plan = Make.Plan(_id);
        using var other = CustodyKey.Create();
        await RecordAsync(_forged, null, plan with { Order = plan.Order with { Reason = "another" } });

        var unanchored = await CheckAsync(_forged, keys: null);
        var unsigned = await CheckAsync(_forged);

        Assert.True(unanchored.Holds);
        Assert.StartsWith("Not anchored", Check(unanchored, "signed").Says, StringComparison.Ordinal);
        Assert.False(unsigned.Holds);
        Assert.Equal((false, "Entry 7, the last, is not signed: it was written while no key was configured, or the log was written anew."), Check(unsigned, "signed"));

        await ForgeAsync(other, log => log);
        Assert.Contains($"signed by a key ({other.Id}) that is not among those given ({_key.Id})", Check(await CheckAsync(_forged), "signed").Says, StringComparison.Ordinal);

        // The forger says that it is the key that is trusted.
        await ForgeAsync(other, log => log.Replace(other.Id, _key.Id, StringComparison.Ordinal));
        Assert.Equal((false, "Entry 1: its signature is not of these words."), Check(await CheckAsync(_forged), "signed"));
    }

    [Fact]
    public async Task Check_EntriesBeforeThereWasAKey_AreCoveredByTheFirstSignedOne()
    {
        await using (var log = System.IO.File.Create(LogOf(_forged)))
        {
            var (unsigned, _) = CustodyChain.Continue(_id, [], [Entry("asked"), Entry("granted")]);
            await log.WriteAsync(unsigned);
            await log.WriteAsync(CustodyChain.Continue(_id, unsigned, [Entry("revoked")], _key).Append);
        }

        var reading = CustodyChain.Read(_id, await System.IO.File.ReadAllBytesAsync(LogOf(_forged)));

        Assert.Null(reading.Broken);
        Assert.Equal([false, false, true], reading.Entries.Select(entry => entry.Signature is not null));
        Assert.True(AnchorChecks.SignatureOf(reading, _keys).Holds);
    }

    [Fact]
    public void Key_ChangedBetween_BothHaveToBeTrusted()
    {
        using var next = CustodyKey.Create();
        using var both = Make.Keys(_key, next);
        using var nextAlone = Make.Keys(next);
        var first = CustodyChain.Continue(_id, [], [Entry("asked")], _key).Append;
        var reading = CustodyChain.Read(_id, [.. first, .. CustodyChain.Continue(_id, first, [Entry("granted")], next).Append]);

        Assert.True(AnchorChecks.SignatureOf(reading, both).Holds);
        Assert.False(AnchorChecks.SignatureOf(reading, nextAlone).Holds);
    }

    private static CustodyEntry Entry(string what) => new(what, Make.Noon, "ada", new Dictionary<string, string?> { ["signature"] = "\",\"signature\":\"x" });

    private static (bool? Holds, string Says) Check(EvidenceReport report, string name) =>
        report.Checks.Single(check => check.Name == name) is var check ? (check.Holds, check.Says) : default;

    private static async Task RecordAsync(TempStore store, CustodyKey? key, CapturePlan plan)
    {
        var (id, log) = (plan.Order.CaptureId, store.Log(Make.Signing(key?.PrivatePem)));
        await store.StageAsync(id, File);
        Assert.True((await Make.Recorder(store.Store, log).RecordAsync(Make.StoreRequest(plan, File, 3), default)).Succeeded);
        var proof = RevocationProof.Of([new("rolebinding shop/x", "404 NotFound", "404 NotFound", true, Make.Noon)]);
        await store.Store.EnsureProofAsync(id, proof, [], default);
        await new CustodyKeeper(log, store.Store, TimeProvider.System, NullLogger<CustodyKeeper>.Instance).NoteRevokedAsync(plan, proof, default);
    }

    /// <summary>The honest log's entries, signed by another key, and changed with hashes that are right.</summary>
    private async Task ForgeAsync(CustodyKey key, Func<string, string> change)
    {
        var entries = CustodyChain.Read(_id, await System.IO.File.ReadAllBytesAsync(LogOf(_honest))).Entries.Select(entry => entry.Entry).ToList();
        var log = string.Empty;
        foreach (var entry in entries)
        {
            var line = change(Encoding.UTF8.GetString(CustodyChain.Continue(_id, Encoding.UTF8.GetBytes(log), [entry], key).Append));
            var body = line[..line.LastIndexOf(",\"hash\"", StringComparison.Ordinal)];
            log += $"{body},\"hash\":\"{Make.Sha256(Encoding.UTF8.GetBytes(body + "}"))}\"}}\n";
        }

        await System.IO.File.WriteAllTextAsync(LogOf(_forged), log);
    }

    private string LogOf(TempStore store)
    {
        var folder = Directory.CreateDirectory(Path.Combine(store.Root, "log")).FullName;
        return Path.Combine(folder, _id + ".jsonl");
    }

    private Task<EvidenceReport> CheckAsync(TempStore store) => CheckAsync(store, _keys);

    private async Task<EvidenceReport> CheckAsync(TempStore store, CustodyPublicKeys? keys) => await EvidenceVerification.CheckAsync(
        (await Make.ReadAsync(await store.Store.TryOpenFileAsync(_id, EvidenceFiles.Manifest, default)))!,
        await Make.ReadAsync(await store.Log().TryOpenAsync(_id, default)),
        new MemoryStream(File),
        keys is null ? null : new(keys, StoreVerification.Heads(store.Root)),
        default);
}
