using System.Diagnostics;
using System.Globalization;

namespace CaptureFlow.Evidence.Tests;

/// <summary>Files that a real tcpdump wrote, in a network namespace that the test makes, read and counted as tcpdump itself counts them.</summary>
public sealed class TcpdumpFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("captureflow-tcpdump-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("-i any", LinkTypes.LinuxSll2, false)]
    [InlineData("-i any -y LINUX_SLL", LinkTypes.LinuxSll, false)]
    [InlineData("-i lo", LinkTypes.Ethernet, false)]
    [InlineData("-i lo --time-stamp-precision=nano", LinkTypes.Ethernet, true)]
    [InlineData("-i any -s 64", LinkTypes.LinuxSll2, false)]
    public async Task WalkAsync_FileOfTcpdump_CountsWhatTcpdumpCounts(string arguments, int linkType, bool nanoseconds)
    {
        Needs.Root();
        Needs.Packages("tcpdump", "iproute2", "util-linux");
        var path = Path.Combine(_folder, "real.pcap");
        var captured = await RunAsync("unshare", "--net", "bash", "-c", Script(arguments, path));
        Assert.True(File.Exists(path), captured);

        await using var file = File.OpenRead(path);
        var walk = await PcapWalker.WalkAsync(file, default);
        file.Position = 0;
        using var reader = await PcapReader.OpenAsync(file);
        var told = (await RunAsync("tcpdump", "-n", "-tt", "--time-stamp-precision=nano", "-r", path))
            .Split('\n').Where(line => line.Length > 0 && char.IsAsciiDigit(line[0])).ToList();

        Assert.Null(walk.Problem);
        Assert.Equal((linkType, nanoseconds), (reader.Header!.Value.LinkType, reader.Header.Value.Nanoseconds));
        Assert.Equal(0, walk.Summary!.BytesAfterLastRecord);
        Assert.InRange(walk.Summary.Packets, 20, long.MaxValue);
        Assert.Equal(told.Count, walk.Summary.Packets);
        var at = 0;
        await foreach (var record in reader.ReadAllAsync())
        {
            Assert.Equal(told[at++].Split(' ')[0], string.Create(CultureInfo.InvariantCulture, $"{record.Seconds}.{record.Nanoseconds:000000000}"));
            Assert.True(record.TryReadFrame(out var frame));
            Assert.Equal(LinkFrame.IPv4, frame.EtherType);
            Assert.Equal(4, frame.Payload.Span[0] >> 4);
        }
    }

    /// <summary>Twenty datagrams to a closed port on loopback, which answers each with ICMP; stopped once they are in the file. In immediate mode the default buffer holds 8 packets.</summary>
    private static string Script(string arguments, string path) =>
        $$"""
        ip link set lo up
        tcpdump {{arguments}} -n -U --immediate-mode -B 16384 -w '{{path}}' udp 2>'{{path}}.log' & t=$!
        n=0; until grep -q 'listening on' '{{path}}.log' || [ $n -gt 200 ]; do sleep 0.05; n=$((n + 1)); done
        for i in {1..20}; do echo "datagram $i" >/dev/udp/127.0.0.1/9; done
        n=0; until [ "$(tcpdump -n -r '{{path}}' 2>/dev/null | wc -l)" -ge 20 ] || [ $n -gt 100 ]; do sleep 0.05; n=$((n + 1)); done
        kill -INT $t; wait $t; cat '{{path}}.log'
        """;

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return output + await errors;
    }
}
