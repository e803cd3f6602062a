using System.Text.Json;
using CaptureFlow.Analysis;
using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class AnalyzeCommandTests : IDisposable
{
    private static readonly byte[] Header = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];

    // Of 14 bytes, and with an Ethernet type that nobody uses.
    private static readonly byte[] Packet = [1, 0, 0, 0, 0, 0, 0, 0, 14, 0, 0, 0, 14, 0, 0, 0, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5];

    private readonly string _folder = Directory.CreateTempSubdirectory("captureflow-analyze-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_WholeFile_PrintsTheCard()
    {
        var (code, output, errors) = await RunAsync([.. Header, .. Packet], json: false);

        Assert.Equal((ExitCodes.Complete, ""), (code, errors));
        Assert.StartsWith("# 1 packet, and neither TCP nor UDP that could be read.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Json_PrintsOneDocument()
    {
        var (code, output, _) = await RunAsync([.. Header, .. Packet], json: true);

        using var card = JsonDocument.Parse(output);
        Assert.Equal(ExitCodes.Complete, code);
        Assert.Equal("captureflow.triage/1", card.RootElement.GetProperty("schema").GetString());
    }

    [Fact]
    public async Task Run_FileCutInItsLastPacket_PartialWithTheFinding()
    {
        var (code, output, _) = await RunAsync([.. Header, .. Packet, .. Packet[..20]], json: false);

        Assert.Equal(ExitCodes.Partial, code);
        Assert.Contains("(`file-cut`)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoCaptureFile_FailedAndSaysWhatItIs()
    {
        var (code, output, _) = await RunAsync([0x1f, 0x8b, 8, 0], json: false);

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("Unpack it first", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoSuchFile_SaysWhich()
    {
        await using StringWriter output = new(), errors = new();
        var path = Path.Combine(_folder, "none.pcap");

        var code = await AnalyzeCommand.RunAsync(path, json: false, output, errors, default);

        Assert.Equal((ExitCodes.HostUnavailable, ""), (code, output.ToString()));
        Assert.StartsWith($"captureflow: {path} cannot be read: ", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithOutput_WritesTheSamePacketsAsPcapngForThisUserAlone()
    {
        byte[] file = [.. Header, .. Packet];
        var (code, output, errors) = await RunAsync(file, json: false, Pcapng);

        Assert.Equal((ExitCodes.Complete, ""), (code, errors));
        Assert.StartsWith("# 1 packet", output, StringComparison.Ordinal);
        await using var made = File.OpenRead(Pcapng);
        using MemoryStream back = new();
        Assert.Null(await PcapngOrigin.WriteAsync(made, back, default));
        Assert.Equal(file, back.ToArray());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Pcapng));
        }

        // What is pcapng already may have more in it than can be written here.
        var again = await RunAsync(await File.ReadAllBytesAsync(Pcapng), json: false, Pcapng + "2");
        Assert.Equal(ExitCodes.Failed, again.Code);
        Assert.Contains("It is pcapng already.", again.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Pcapng + "2"));
    }

    [Fact]
    public async Task Run_WithOutputOfACutFile_WritesTheWholePackets()
    {
        var (code, _, _) = await RunAsync([.. Header, .. Packet, .. Packet[..20]], json: false, Pcapng);

        Assert.Equal(ExitCodes.Partial, code);
        Assert.True(File.Exists(Pcapng));
    }

    [Fact]
    public async Task Run_WithOutputThatCannotBeWritten_SaysWhyAndLeavesNothing()
    {
        Directory.CreateDirectory(Pcapng);

        var (code, _, errors) = await RunAsync([.. Header, .. Packet], json: false, Pcapng);

        Assert.Equal(ExitCodes.HostUnavailable, code);
        Assert.StartsWith($"captureflow: {Pcapng} cannot be written: ", errors, StringComparison.Ordinal);
        Assert.Equal(["web.pcap"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("x.pcap", "Name it x.pcapng.")]
    [InlineData("./web.pcap", "Name it ./web.pcapng.")]
    [InlineData("web.PcapNG", null)]
    public void Parse_Output_IsPcapngByItsName(string output, string? remedy)
    {
        var errors = CaptureFlowCommand.Build(new()).Parse(["analyze", "web.pcap", "-o", output]).Errors;

        Assert.Equal(remedy is null, errors.Count == 0);
        Assert.All(errors, error => Assert.EndsWith(remedy!, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_OutputThatIsTheInput_IsRefused() =>
        Assert.Contains(
            "is the file that is read",
            Assert.Single(CaptureFlowCommand.Build(new()).Parse(["analyze", "web.pcapng", "-o", "./web.pcapng"]).Errors).Message,
            StringComparison.Ordinal);

    private string Pcapng => Path.Combine(_folder, "web.pcapng");

    private async Task<(int Code, string Output, string Errors)> RunAsync(byte[] file, bool json, string? pcapng = null)
    {
        await using StringWriter output = new(), errors = new();
        var path = Path.Combine(_folder, "web.pcap");
        await File.WriteAllBytesAsync(path, file);
        var code = await AnalyzeCommand.RunAsync(path, json, output, errors, default, pcapng);
        return (code, output.ToString(), errors.ToString());
    }
}
