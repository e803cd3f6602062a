using System.Globalization;

namespace CaptureFlow.Analysis.Tests;

/// <summary>DNS over TCP is held against its answers as DNS over UDP is.</summary>
public sealed class DnsOverTcpTests
{
    [Fact]
    public async Task Questions_OnOneConnection_AreCountedAsByTshark()
    {
        Needs.Packages("tshark");
        CaptureMaker capture = new();
        var talk = new TcpTalk(capture, "10.0.0.1:40000", "10.0.0.53:53").Open()
            .ClientSends([.. Message(1, "web.shop.svc"), .. Message(2, "nosuch.shop.svc")])
            .Wait(8 * CaptureMaker.Millisecond).ServerSends(Message(1, "web.shop.svc", 0));

        // The answer to the second in two segments.
        var second = Message(2, "nosuch.shop.svc", 3);
        talk.ServerSends(second.AsSpan(0, 1)).ServerSends(second.AsSpan(1)).Client()
            .ClientSends(Message(3, "broken.example")).ServerSends(Message(3, "broken.example", 2))
            .ClientSends(Message(4, "silent.example")).Server().Wait(3 * CaptureMaker.Second).Close();

        var card = await Analyze.CaptureAsync(capture);
        using TemporaryFile file = new(capture.ToPcap());
        var rows = await Tshark.FieldsAsync(file.FullName, "dns", "dns.flags.response", "dns.flags.rcode", "dns.time");

        Assert.Equal(Values(rows, 0).Count(value => value is "0" or "False"), card.Dns.Queries);
        Assert.Equal(Values(rows, 0).Count(value => value is "1" or "True"), card.Dns.Answers);
        Assert.Equal(Values(rows, 1).Count(value => value == "3"), card.Dns.NoSuchName);
        Assert.Equal(Values(rows, 1).Count(value => value == "2"), card.Dns.ServerFailures);
        Assert.Equal(Values(rows, 2).Max(value => double.Parse(value, CultureInfo.InvariantCulture)) * 1e3, card.Dns.LongestMilliseconds!.Value, 0.2);
        Assert.Equal((4, 3, 1, "dns"), (card.Dns.Queries, card.Dns.Answers, card.Dns.Unanswered, card.Conversations[0].Application));
        Assert.Equal(("silent.example", "1 DNS question unanswered, asked 1 time of 10.0.0.53:53"), (Analyze.Single(card, "dns-unanswered").Subject, Analyze.Single(card, "dns-unanswered").Says));
        Assert.Equal("1 DNS answer NXDOMAIN by 10.0.0.53:53", Analyze.Single(card, "dns-nxdomain").Says);
    }

    /// <summary>A large answer that is cut, and one of which a segment is missing, do not hide the next.</summary>
    [Fact]
    public async Task Answers_CutAndMissing_AreReadAsFarAsTheyAre()
    {
        CaptureMaker capture = new();
        byte[] large = [.. Frames.Dns(1, "web.shop.svc", 0), .. new byte[1_000]];
        var talk = new TcpTalk(capture, "10.0.0.1:40000", "10.0.0.53:53").Open()
            .ClientSends(Message(1, "web.shop.svc")).ServerSends([(byte)(large.Length >> 8), (byte)large.Length, .. large]).Client()
            .ClientSends(Message(2, "lost.shop.svc"));
        talk.ServerNext += 40;
        talk.Client().ClientSends(Message(3, "broken.example")).ServerSends(Message(3, "broken.example", 2)).Client();

        var card = await Analyze.CaptureAsync(capture.Changed(frames => frames, snapLength: 256));

        Assert.Equal((3, 2, 1), (card.Dns.Queries, card.Dns.Answers, card.Dns.ServerFailures));
    }

    private static IEnumerable<string> Values(List<string[]> rows, int field) =>
        rows.Where(row => row.Length > field).SelectMany(row => row[field].Split(',', StringSplitOptions.RemoveEmptyEntries));

    private static byte[] Message(ushort id, string name, int? responseCode = null)
    {
        var message = Frames.Dns(id, name, responseCode);
        return [(byte)(message.Length >> 8), (byte)message.Length, .. message];
    }
}
