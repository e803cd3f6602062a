using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CaptureFlow.Evidence;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.Tests.CommandLine;

/// <summary><c>capture -o x.pcapng</c> and <c>download -o x.pcapng</c>: what is there afterwards, and what verify says of it.</summary>
public sealed class PcapngDeliveryTests : IDisposable
{
    private const string Card = """
        {"schema":"captureflow.triage/1","summary":"1 packet.","findings":[
          {"code":"tcp-refused","severity":"Error","says":"refused","means":"Nobody listens.","subject":"10.0.0.1 → 10.0.0.2:81","count":1,"packets":[1]}]}
        """;

    private static readonly byte[] Pcap =
    [
        0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0,
        1, 0, 0, 0, 0, 0, 0, 0, 14, 0, 0, 0, 14, 0, 0, 0, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5,
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-tests-");

    private string Target => Path.Combine(_folder.FullName, "new folder", "web.pcapng");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Deliver_ToPcapng_ThereWithItsManifestFactsAndFindingsAndNoPcap()
    {
        var result = await DeliverAsync(Pcap);

        Assert.Equal((Target, Target + ".manifest.json"), (result.Path, result.ManifestPath));
        Assert.Equal((ExitCodes.Complete, 0), (result.ExitCode, result.Notes.Count));
        Assert.Equal([Target, Target + ".log.jsonl", Target + ".manifest.json"], Directory.GetFiles(Path.GetDirectoryName(Target)!).Order());
        var text = Encoding.UTF8.GetString(await File.ReadAllBytesAsync(Target));
        Assert.StartsWith("\n\r\r\n", text, StringComparison.Ordinal);
        Assert.Contains($"capture: {FakeServer.Id}\ntarget: shop/web on node n1\n", text, StringComparison.Ordinal);
        Assert.Contains("Error tcp-refused: 10.0.0.1 → 10.0.0.2:81: refused", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_OfThePcapng_ComparesThePcapThatItWasMadeOf()
    {
        await DeliverAsync(Pcap);
        var (report, _) = await EvidenceSource.CheckFileAsync(Target, null, default);
        Assert.True(FileCheck(report!).Holds, FileCheck(report!).Says);

        var bytes = await File.ReadAllBytesAsync(Target);
        bytes[bytes.AsSpan().IndexOf(Pcap.AsSpan(40))] ^= 1;
        await File.WriteAllBytesAsync(Target, bytes);
        (report, _) = await EvidenceSource.CheckFileAsync(Target, null, default);

        Assert.False(FileCheck(report!).Holds);
    }

    [Fact]
    public async Task Deliver_NoPcapInTheStore_IsUndeliveredAndLeavesNoHalf()
    {
        var result = await DeliverAsync("a file that is no capture at all"u8.ToArray());

        Assert.Equal((ExitCodes.Undelivered, null, "/store/x"), (result.ExitCode, result.Path, result.KeptAt));
        Assert.Contains(result.Notes, note => note.Contains("no pcap magic", StringComparison.Ordinal));
        Assert.Equal([Target + ".log.jsonl", Target + ".manifest.json"], Directory.GetFiles(Path.GetDirectoryName(Target)!).Order());
    }

    [Fact]
    public async Task Deliver_OtherBytesThanTheManifestNames_NoFile()
    {
        var result = await DeliverAsync(Pcap, [.. Pcap[..^1], 7]);

        Assert.Equal((ExitCodes.Undelivered, null), (result.ExitCode, result.Path));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    private static EvidenceCheck FileCheck(EvidenceReport report) => Assert.Single(report.Checks, check => check.Name == "file");

    private async Task<CaptureResult> DeliverAsync(byte[] stored, byte[]? sent = null)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(stored));
        StoredEvidence evidence = new("/store/x", "capture.pcap", stored.Length, hash, 1, Verdict.Complete, []);
        CaptureWindow window = new(TimeSpan.FromSeconds(30), 256, 1 << 20);
        CaptureOrder order = new(FakeServer.Id, new("shop", "web"), window, "tcp", "ada", null, DateTimeOffset.UnixEpoch);
        CaptureManifest manifest = new()
        {
            Plan = new(order, "pod", "uid", "n1", "image", [], null, 1 << 20, TimeSpan.FromMinutes(5), "all", [], DateTimeOffset.UnixEpoch),
            Evidence = evidence,
        };
        using FakeServer server = new()
        {
            File = sent ?? stored,
            Manifest = JsonSerializer.Serialize(manifest, CaptureJson.Indented),
            Triage = (HttpStatusCode.OK, Card),
        };
        using var client = server.Client();
        return await EvidenceDelivery.DeliverAsync(client, new() { ExitCode = 0, Id = FakeServer.Id }, evidence, Target, CancellationToken.None);
    }
}
