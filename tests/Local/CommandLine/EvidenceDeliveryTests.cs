using System.Security.Cryptography;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class EvidenceDeliveryTests : IDisposable
{
    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(300_000);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-tests-");

    private string Target => Path.Combine(_folder.FullName, "new folder", "web.pcap");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Deliver_WholeFile_ThereWithItsManifest()
    {
        var result = await DeliverAsync(Bytes, Bytes);

        Assert.Equal(Bytes, await File.ReadAllBytesAsync(Target));
        Assert.Equal((Target, Target + ".manifest.json", ExitCodes.Complete), (result.Path, result.ManifestPath, result.ExitCode));
        var delivered = Directory.GetFiles(Path.GetDirectoryName(Target)!).Order().ToList();
        Assert.Equal([Target, Target + ".log.jsonl", Target + ".manifest.json"], delivered);
        if (!OperatingSystem.IsWindows())
        {
            // Packets, and what speaks of them, are this user's alone.
            foreach (var file in delivered)
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
    }

    [Fact]
    public async Task Deliver_LinkToTheStore_FollowsItWithoutTheKey()
    {
        using FakeServer server = new() { File = Bytes, Link = new("https://blobs.example/captures/x?sig=s") };

        var result = await DeliverAsync(server, Bytes);

        Assert.Equal(Bytes, await File.ReadAllBytesAsync(Target));
        Assert.Equal(ExitCodes.Complete, result.ExitCode);
        Assert.Contains("GET /captures/x", server.Requests);
        Assert.Equal(0, server.KeysGivenAway);
    }

    [Fact]
    public async Task Deliver_LinkWithoutTls_IsNotFollowed()
    {
        using FakeServer server = new() { File = Bytes, Link = new("http://blobs.example/captures/x?sig=s") };

        var result = await DeliverAsync(server, Bytes);

        Assert.Null(result.Path);
        Assert.DoesNotContain("sig=", Assert.Single(result.Notes), StringComparison.Ordinal);
        Assert.DoesNotContain("GET /captures/x", server.Requests);
    }

    [Theory]
    [InlineData(299_999)]
    [InlineData(100)]
    public async Task Deliver_FewerBytes_NoFileAndSaidSo(int sent)
    {
        var result = await DeliverAsync(Bytes, Bytes[..sent]);

        Assert.Null(result.Path);
        Assert.Equal((ExitCodes.Undelivered, "/store/x", true), (result.ExitCode, result.KeptAt, result.IsUndelivered));
        Assert.Contains("/store/x", Assert.Single(result.Notes), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public async Task Deliver_OtherBytesOfTheSameSize_NoFile()
    {
        byte[] other = [.. Bytes];
        other[^1] ^= 1;

        var result = await DeliverAsync(Bytes, other);

        Assert.Null(result.Path);
        Assert.Equal(ExitCodes.Undelivered, result.ExitCode);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public async Task Deliver_ServerWithACard_TheResultHasIt()
    {
        // As a later version may write it: with members that nobody here knows.
        const string Card = """
            {"schema":"captureflow.triage/1","summary":"3 packets, 1 conversation: refused.","tls":{},"findings":[
              {"code":"tcp-refused","severity":"Error","says":"refused","means":"Nobody listens.","subject":"10.0.0.1 → 10.0.0.2:81","count":1,"packets":[2],"more":1}]}
            """;
        using FakeServer server = new() { File = Bytes, Triage = (System.Net.HttpStatusCode.OK, Card) };

        var result = await DeliverAsync(server, Bytes);

        Assert.Equal("3 packets, 1 conversation: refused.", result.Triage!.Summary);
        Assert.Equal("tcp-refused", Assert.Single(result.Triage.Findings).Code);
        Assert.Equal((ExitCodes.Complete, 0), (result.ExitCode, result.Notes.Count));
    }

    [Fact]
    public async Task Deliver_CardThatCannotBeMade_TheFileComesAllTheSameAndWhyIsSaid()
    {
        using FakeServer server = new()
        {
            File = Bytes,
            Triage = (System.Net.HttpStatusCode.ServiceUnavailable, """{"code":"triage-not-made","title":"The triage card was not made within 00:02:00."}"""),
        };

        var result = await DeliverAsync(server, Bytes);

        Assert.Equal(Bytes, await File.ReadAllBytesAsync(Target));
        Assert.Equal(ExitCodes.Complete, result.ExitCode);
        Assert.Equal("There is no triage card yet: The triage card was not made within 00:02:00.", Assert.Single(result.Notes));
    }

    private async Task<CaptureResult> DeliverAsync(byte[] stored, byte[] sent)
    {
        using FakeServer server = new() { File = sent };
        return await DeliverAsync(server, stored);
    }

    private async Task<CaptureResult> DeliverAsync(FakeServer server, byte[] stored)
    {
        using var client = server.Client();
        StoredEvidence evidence = new("/store/x", "capture.pcap", stored.Length, Convert.ToHexStringLower(SHA256.HashData(stored)), 1, Verdict.Complete, []);
        return await EvidenceDelivery.DeliverAsync(client, new() { ExitCode = 0, Id = FakeServer.Id }, evidence, Target, CancellationToken.None);
    }
}
