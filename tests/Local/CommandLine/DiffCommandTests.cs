using System.Text.Json;
using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class DiffCommandTests : IDisposable
{
    private static readonly byte[] Header = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];

    // Of 14 bytes, and with an Ethernet type that nobody uses.
    private static readonly byte[] Packet = [1, 0, 0, 0, 0, 0, 0, 0, 14, 0, 0, 0, 14, 0, 0, 0, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5];

    private static readonly byte[] Good = [.. Header, .. Packet];
    private static readonly byte[] Cut = [.. Header, .. Packet, .. Packet[..20]];
    private static readonly byte[] NoCapture = [0x1f, 0x8b, 8, 0];

    private readonly string _folder = Directory.CreateTempSubdirectory("captureflow-diff-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_SameFileTwice_CompleteAndSaysThatNothingDiffers()
    {
        var (code, output, errors) = await RunAsync(Good, Good, json: false);

        Assert.Equal((ExitCodes.Complete, ""), (code, errors));
        Assert.StartsWith("# Nothing was found in either capture.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Json_PrintsOneDocument()
    {
        var (code, output, _) = await RunAsync(Good, Good, json: true);

        using var difference = JsonDocument.Parse(output);
        Assert.Equal(ExitCodes.Complete, code);
        Assert.Equal("captureflow.diff/1", difference.RootElement.GetProperty("schema").GetString());
    }

    [Fact]
    public async Task Run_OneIsCut_PartialAndTheFindingIsItsAlone()
    {
        var (code, output, _) = await RunAsync(Good, Cut, json: false);

        Assert.Equal(ExitCodes.Partial, code);
        Assert.Contains("## Only in B\n", output, StringComparison.Ordinal);
        Assert.Contains("(`file-cut`)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OneIsCutAndOneNoCapture_Failed()
    {
        var (code, output, _) = await RunAsync(NoCapture, Cut, json: false);

        Assert.Equal(ExitCodes.Failed, code);
        Assert.StartsWith("# A is not a capture file: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SecondIsNotThere_SaysWhichAndPrintsNothing()
    {
        await using StringWriter output = new(), errors = new();
        var (good, none) = (Path.Combine(_folder, "good.pcap"), Path.Combine(_folder, "none.pcap"));
        await File.WriteAllBytesAsync(good, Good);

        var code = await DiffCommand.RunAsync(good, none, json: false, output, errors, default);

        Assert.Equal((ExitCodes.HostUnavailable, ""), (code, output.ToString()));
        Assert.StartsWith($"captureflow: {none} cannot be read: ", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Interrupted_Cancelled()
    {
        await using StringWriter output = new(), errors = new();
        var good = Path.Combine(_folder, "good.pcap");
        await File.WriteAllBytesAsync(good, Good);

        var code = await DiffCommand.RunAsync(good, good, json: false, output, errors, new(canceled: true));

        Assert.Equal((ExitCodes.Cancelled, ""), (code, output.ToString()));
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(byte[] a, byte[] b, bool json)
    {
        await using StringWriter output = new(), errors = new();
        var (pathA, pathB) = (Path.Combine(_folder, "a.pcap"), Path.Combine(_folder, "b.pcap"));
        await File.WriteAllBytesAsync(pathA, a);
        await File.WriteAllBytesAsync(pathB, b);
        var code = await DiffCommand.RunAsync(pathA, pathB, json, output, errors, default);
        return (code, output.ToString(), errors.ToString());
    }
}
