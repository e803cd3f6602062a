using System.Text.Json;
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

    private async Task<(int Code, string Output, string Errors)> RunAsync(byte[] file, bool json)
    {
        await using StringWriter output = new(), errors = new();
        var path = Path.Combine(_folder, "web.pcap");
        await File.WriteAllBytesAsync(path, file);
        var code = await AnalyzeCommand.RunAsync(path, json, output, errors, default);
        return (code, output.ToString(), errors.ToString());
    }
}
