using System.Text;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging.Abstractions;

namespace CaptureFlow.Evidence.Tests;

/// <summary>A capture recorded as the steps do it, and then tampered with.</summary>
public sealed class EvidenceVerificationTests : IAsyncLifetime
{
    private static readonly byte[] File = new PcapBytes().Packets(3, 50);

    private readonly TempStore _temp = new();
    private readonly CapturePlan _plan = Make.Plan();
    private byte[] _manifest = [];
    private byte[] _log = [];

    public async ValueTask InitializeAsync()
    {
        var id = _plan.Order.CaptureId;
        await _temp.StageAsync(id, File);
        Assert.True((await Make.Recorder(_temp.Store, _temp.Log()).RecordAsync(Make.StoreRequest(_plan, File, 3), default)).Succeeded);
        var proof = RevocationProof.Of([new("rolebinding shop/x", "404 NotFound", "404 NotFound", true, Make.Noon)]);
        await _temp.Store.EnsureProofAsync(id, proof, [], default);
        await new CustodyKeeper(_temp.Log(), _temp.Store, TimeProvider.System, NullLogger<CustodyKeeper>.Instance).NoteRevokedAsync(_plan, proof, default);
        _manifest = (await Make.ReadAsync(await _temp.Store.TryOpenFileAsync(id, "manifest.json", default)))!;
        _log = (await Make.ReadAsync(await _temp.Log().TryOpenAsync(id, default)))!;
    }

    public ValueTask DisposeAsync()
    {
        _temp.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task CheckAsync_AsStored_AllHolds()
    {
        var report = await CheckAsync();

        Assert.True(report.Holds, Say(report));
        Assert.Equal(["manifest", "file", "container", "packets", "log", "anchor", "stored", "sealed", "signed", "revocation"], report.Checks.Select(check => check.Name));
        var entries = CustodyChain.Read(_plan.Order.CaptureId, _log).Entries;
        Assert.Equal(["asked", "granted", "attached", "stopped", "fetched", "stored", "revoked"], entries.Select(entry => entry.Entry.Event));
        Assert.Equal("ada@example.com", entries[0].Entry.By);
        Assert.StartsWith("Not anchored: the log is not signed.", report.Checks.Single(check => check.Open).Says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckAsync_FileChanged_NamesTheFile()
    {
        var file = File.ToArray();
        file[^1] ^= 1;

        Assert.Equal(["file", "container"], Bad(await CheckAsync(file: file)));
        Assert.Equal(["file", "container", "packets"], Bad(await CheckAsync(file: File[..100])));
    }

    [Fact]
    public async Task CheckAsync_ManifestChanged_BreaksTheSeal()
    {
        var manifest = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_manifest).Replace("checkout > 2 s", "routine check ", StringComparison.Ordinal));

        Assert.Equal(["sealed"], Bad(await CheckAsync(manifest: manifest)));
    }

    [Fact]
    public async Task CheckAsync_LogChangedOrCut_NamesTheFirstLink()
    {
        var changed = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_log).Replace("\"complete\":\"true\"", "\"complete\":\"True\"", StringComparison.Ordinal));
        var cut = Encoding.UTF8.GetBytes(string.Join('\n', Encoding.UTF8.GetString(_log).Split('\n').Take(3)) + "\n");

        var report = await CheckAsync(log: changed);
        Assert.Equal("log", Bad(report)[0]);
        Assert.StartsWith("Line 5 does not hold: it was changed", report.Checks.First(check => check.Name == "log").Says, StringComparison.Ordinal);
        Assert.Equal(["log"], report.Checks.Where(check => check.Holds == false).Select(check => check.Name));
        Assert.All(report.Checks.Where(check => check is { Holds: null, Open: false }), check => Assert.Equal("Not checked: line 5 of the log does not hold.", check.Says));
        Assert.Equal(["anchor", "stored", "sealed"], Bad(await CheckAsync(log: cut)));
    }

    [Fact]
    public async Task CheckAsync_PartsMissing_DoesNotHoldAndSaysWhich()
    {
        var report = await EvidenceVerification.CheckAsync(_manifest, null, null, null, default);

        Assert.False(report.Holds);
        Assert.Equal(["file", "log"], report.Checks.Where(check => check.Holds is null).Select(check => check.Name));
        Assert.Equal("manifest", Assert.Single((await EvidenceVerification.CheckAsync("{}"u8.ToArray(), _log, null, null, default)).Checks).Name);
        Assert.False((await EvidenceVerification.CheckAsync("{\"schema\":\"captureflow.manifest/9\"}"u8.ToArray(), _log, null, null, default)).Holds);
    }

    private Task<EvidenceReport> CheckAsync(byte[]? manifest = null, byte[]? log = null, byte[]? file = null) =>
        EvidenceVerification.CheckAsync(manifest ?? _manifest, log ?? _log, new MemoryStream(file ?? File), null, default);

    private static string[] Bad(EvidenceReport report) => [.. report.Checks.Where(check => check.Holds == false || check is { Holds: null, Open: false }).Select(check => check.Name)];

    private static string Say(EvidenceReport report) => string.Join('\n', report.Checks);
}
