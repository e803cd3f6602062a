using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>The demo with both methods side by side, as a user starts it.</summary>
public sealed class NodeDemoTests
{
    [Fact]
    public async Task Demo_NodeAsJson_SaysWhatThePodSawAndTheNodeDidNot()
    {
        using var folder = new TemporaryFolder();

        var (code, output) = await RunAsync(folder, "--json");

        Assert.True(code == 0, output);
        var document = JsonNode.Parse(output)!;
        Assert.Equal((0, "Complete", true), (document["exitCode"]!.GetValue<int>(), document["verdict"]!.GetValue<string>(), document["revocation"]!["proven"]!.GetValue<bool>()));
        var path = document["path"]!.GetValue<string>();
        Assert.StartsWith(folder.Path, path, StringComparison.Ordinal);
        Assert.Equal(document["sha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path))));
        var compared = document["compared"]!;
        Assert.True(compared["holds"]!.GetValue<bool>());
        var (pod, node) = (compared["inPod"]!, compared["onNode"]!);
        Assert.True(pod["loopbackPlaintext"]!.GetValue<long>() > 0, output);
        Assert.Contains("HTTP/1.1", pod["loopbackExample"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal((0L, 0L), (node["loopbackPackets"]!.GetValue<long>(), node["wirePlaintext"]!.GetValue<long>()));
        Assert.True(node["wireTls"]!.GetValue<long>() > 0, output);
        Assert.True(File.Exists(compared["inPodPath"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Demo_NodeAsText_ShowsBothSideBySide()
    {
        using var folder = new TemporaryFolder();

        var (code, output) = await RunAsync(folder, "--plain");

        Assert.True(code == 0, output);
        Assert.Matches("(?m)^Complete: ", output);
        Assert.Matches(@"(?m)^ +loopback, application and proxy +[1-9]\d* +0$", output);
        Assert.Matches(@"(?m)^ +with TLS records +[1-9]\d* +[1-9]\d*$", output);
        Assert.Contains("revoked    proven", output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(folder.Path, "demo-*.pcap").Length);
    }

    private static async Task<(int Code, string Output)> RunAsync(TemporaryFolder folder, string form)
    {
        Needs.Root();
        Needs.Packages("tcpdump", "iproute2", "util-linux", "mount");
        await using var demo = ChildProcess.Start(
            "captureflow-local",
            ["demo", "--node", form, "--window", "3s", "--output-folder", folder.Path],
            new Dictionary<string, string>
            {
                ["CAPTUREFLOW_SANDBOX"] = Path.Combine(Programs.Folder, "captureflow-sandbox.dll"),
                ["CAPTUREFLOW_MANIFESTS"] = Path.Combine(AppContext.BaseDirectory, "infra", "kubernetes"),
            });
        return (await demo.ExitAsync(Until.Patience), demo.Log);
    }
}
