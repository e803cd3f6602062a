using System.Buffers.Binary;
using System.Net;
using CsCheck;

namespace CaptureFlow.Analysis.Tests;

/// <summary>The same capture as pcapng; Wireshark's own programs say what is in it.</summary>
public sealed class PcapngExportTests
{
    private static readonly CaptureMaker Mixed = Faults.All();

    [Fact]
    public async Task WriteAsync_Packets_AreThoseOfThePcapToTshark()
    {
        Needs.Packages("tshark");
        string[] fields = ["frame.number", "frame.time_epoch", "frame.len", "frame.cap_len", "frame.protocols", "ip.src", "tcp.seq_raw", "dns.id"];

        var (pcapng, tally) = await Export.WriteAsync(Mixed.ToPcap());

        using TemporaryFile source = new(Mixed.ToPcap()), made = new(pcapng);
        var expected = await Tshark.FieldsAsync(source.FullName, "frame", fields);
        Assert.Equal(Mixed.Count, expected.Count);
        Assert.Equal(expected, await Tshark.FieldsAsync(made.FullName, "frame", fields));
        Assert.Equal(new(Mixed.Count, null), tally);
    }

    [Fact]
    public async Task WriteAsync_CookedPackets_HaveAnInterfaceForEachIndex()
    {
        Needs.Packages("tshark");
        CaptureMaker capture = new();
        foreach (var (index, loopback) in new[] { (1u, true), (7u, false), (1u, true), (2u, false) })
        {
            capture.Add(Sll2.Frame(Frames.Udp(IPEndPoint.Parse("10.0.0.1:5000"), IPEndPoint.Parse("10.0.0.2:6000"), "x"u8), index, loopback));
        }

        var (pcapng, _) = await Export.WriteAsync(capture.ToPcap(linkType: Sll2.LinkType), new() { Filter = "udp port 6000" });

        using TemporaryFile made = new(pcapng);
        var seen = await Tshark.FieldsAsync(made.FullName, "udp", "frame.interface_id", "frame.interface_name", "sll.ifindex", "ip.dst");
        Assert.Equal(["0 lo 1", "1 if7 7", "0 lo 1", "2 if2 2"], seen.Select(row => string.Join(' ', row[..3])));
        Assert.All(seen, row => Assert.Equal("10.0.0.2", row[3]));
        var about = await Tshark.RunAsync("capinfos", made.FullName);
        Assert.Contains("Number of interfaces in file: 3", about, StringComparison.Ordinal);
        Assert.Contains("Filter string = udp port 6000", about, StringComparison.Ordinal);
        Assert.Contains("Time precision = nanoseconds (9)", about, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_Findings_AreCommentsOnTheirPackets()
    {
        Needs.Packages("tshark");
        var card = await Analyze.CaptureAsync(Mixed);

        var (pcapng, _) = await Export.WriteAsync(Mixed.ToPcap(), new() { Comments = PacketComments.Of(card) });

        using TemporaryFile made = new(pcapng);
        var commented = await Tshark.FieldsAsync(made.FullName, "frame.comment", "frame.number", "frame.comment");
        Assert.Equal(
            card.Findings.SelectMany(finding => finding.Packets).Distinct().Order(),
            commented.Select(row => long.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture)));
        var refused = Analyze.Single(card, "tcp-refused");
        var ofRefused = commented.Single(row => row[0] == $"{refused.Packets[0]}")[1];
        Assert.Contains($"Error tcp-refused: {refused.Subject}: {refused.Says}", ofRefused, StringComparison.Ordinal);
        Assert.All(["s3cr3t", "c00kie", "t0ken", "b0dy"], secret => Assert.DoesNotContain(commented, row => row[1].Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task WriteAsync_NamesAndFacts_AreShownWithoutALookup()
    {
        Needs.Packages("tshark");
        PcapngNotes notes = new()
        {
            Facts = ["capture: cf-1", "verdict: Complete \u2713\u0007"],
            Names = [new(IPAddress.Parse("10.0.0.2"), "shop/web"), new(IPAddress.Parse("fd00::2"), "shop/db")],
        };

        var (pcapng, _) = await Export.WriteAsync(Mixed.ToPcap(), notes);

        using TemporaryFile made = new(pcapng);
        var names = await Tshark.RunAsync("tshark", "-N", "n", "-r", made.FullName, "-T", "fields", "-e", "ip.dst_host", "-e", "ipv6.dst_host");
        Assert.Contains("shop/web", names, StringComparison.Ordinal);
        Assert.Contains("shop/db", names, StringComparison.Ordinal);
        var about = await Tshark.RunAsync("capinfos", made.FullName);
        Assert.Contains("capture: cf-1", about, StringComparison.Ordinal);
        Assert.Contains("verdict: Complete", about, StringComparison.Ordinal);
        Assert.Contains("CaptureFlow", about, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_MergedWithAnother_IsAccepted()
    {
        Needs.Packages("tshark");
        var (pcapng, _) = await Export.WriteAsync(Mixed.ToPcap(), new() { Names = [new(IPAddress.Parse("10.0.0.2"), "shop/web")] });
        using TemporaryFile made = new(pcapng), pcap = new(Mixed.ToPcap()), merged = new([]);

        await Tshark.RunAsync("mergecap", "-w", merged.FullName, made.FullName, pcap.FullName);

        Assert.Equal(Mixed.Count * 2, (await Tshark.FieldsAsync(merged.FullName, "frame", "frame.number")).Count);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Origin_OfAnExport_IsThePcapByteForByte(bool bigEndian, bool microseconds)
    {
        var pcap = Mixed.ToPcap(bigEndian);
        if (microseconds)
        {
            Microseconds(pcap, bigEndian);
        }

        Dictionary<long, IReadOnlyList<string>> comments = new() { [3] = ["a", "bc"] };
        var (pcapng, _) = await Export.WriteAsync(pcap, new() { Facts = ["x"], Comments = comments });

        Assert.Equal(pcap, await Export.BackAsync(pcapng));
    }

    [Fact]
    public async Task Origin_OfAnyPacketsAndNotes_IsThePcapByteForByte()
    {
        var packets = Gen.Select(Gen.UInt, Gen.UInt[0, 999_999_999], Gen.Byte.Array[0, 80]).Array[0, 30];
        await Gen.Select(packets, Gen.String, Gen.Bool).SampleAsync(async (all, text, bigEndian) =>
        {
            CaptureMaker capture = new();
            foreach (var (seconds, fraction, data) in all)
            {
                capture.AddAt((seconds * CaptureMaker.Second) + fraction, data);
            }

            var pcap = capture.ToPcap(bigEndian, Sll2.LinkType);
            PcapngNotes notes = new()
            {
                Facts = [text],
                Filter = text,
                Names = [new(IPAddress.Loopback, text)],
                Comments = new Dictionary<long, IReadOnlyList<string>> { [1] = [text] },
            };

            var (pcapng, _) = await Export.WriteAsync(pcap, notes);

            // A time of zero with no bytes is what a full disk leaves: the walk ends there.
            if (all.All(packet => packet.Item3.Length > 0))
            {
                Assert.Equal(pcap, await Export.BackAsync(pcapng));
            }
        }, iter: 300);
    }

    [Fact]
    public async Task WriteAsync_CutFile_GivesTheWholePacketsAndSaysSo()
    {
        var (pcapng, tally) = await Export.WriteAsync(Mixed.ToPcap()[..^3]);

        Assert.Equal(new(Mixed.Count - 1, "The last packet is not whole."), tally);
        Assert.Equal(Mixed.Count - 1, (await Analyze.BytesAsync(pcapng)).File.Packets);
    }

    [Fact]
    public async Task WriteAsync_MoreIndicesThanAnyHostHas_ShareTheLastInterface()
    {
        CaptureMaker capture = new();
        for (var index = 1u; index <= InterfaceTable.Most + 100; index++)
        {
            capture.Add(Sll2.Frame(Frames.Udp(new(1, 1), new(2, 2), "x"u8), index));
        }

        var (pcapng, _) = await Export.WriteAsync(capture.ToPcap(linkType: Sll2.LinkType));

        var card = await Analyze.BytesAsync(pcapng);
        Assert.Null(card.File.Problem);
        Assert.Equal(capture.Count, card.File.Packets);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a capture, but long enough to be one")]
    public async Task OpenAsync_NoPcap_IsRefusedInWords(string text)
    {
        using MemoryStream file = new(System.Text.Encoding.ASCII.GetBytes(text));

        var (export, refusal) = await PcapngExport.OpenAsync(file, default);

        Assert.Null(export);
        Assert.NotEmpty(refusal!);
    }

    private static void Microseconds(byte[] pcap, bool bigEndian)
    {
        Span<byte> Number(int at) => pcap.AsSpan(at, sizeof(uint));
        uint InOrder(uint value) => bigEndian ? value : BinaryPrimitives.ReverseEndianness(value);
        uint Read(int at) => InOrder(BinaryPrimitives.ReadUInt32BigEndian(Number(at)));
        void Write(int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(Number(at), InOrder(value));
        Write(0, 0xa1b2c3d4);
        for (var at = 24; at < pcap.Length; at += 16 + (int)Read(at + 8))
        {
            Write(at + 4, Read(at + 4) / 1_000);
        }
    }
}
