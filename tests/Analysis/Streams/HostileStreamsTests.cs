using System.Text;
using System.Text.Json;
using CsCheck;

namespace CaptureFlow.Analysis.Tests;

/// <summary>Whatever connections carry, in whichever pieces, the answer is a card, and memory is bounded.</summary>
public sealed class HostileStreamsTests
{
    private static readonly byte[][] Seeds =
    [
        [.. TlsBytes.ClientHello(), .. TlsBytes.Record(20, 1), .. TlsBytes.Record(22, new byte[40]), .. TlsBytes.Record(23, new byte[60])],
        [.. TlsBytes.ServerHello(0x0303), .. Certificate(), .. TlsBytes.Record(20, 1), .. TlsBytes.Record(22, new byte[40]), .. TlsBytes.Alert(2, 40)],
        Encoding.ASCII.GetBytes("GET /a/1?b=c HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nHEAD / HTTP/1.1\r\n\r\n"),
        Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: t\r\n\r\nHTTP/1.1 101 X\r\n\r\n"),
        [.. Http2FrameReader.Preface, .. Frame(4, 0, 0, []), .. Headers(1, 5), .. Headers(3, 4), .. Frame(9, 4, 3, [0x84]), .. Frame(0, 1, 3, new byte[20]), .. Frame(3, 0, 1, [0, 0, 0, 8])],
        [.. Frame(4, 0, 0, []), .. Frame(1, 4, 1, [0x88, 0x5f, 16, .. "application/grpc"u8]), .. Frame(1, 5, 1, [0x40, 11, .. "grpc-status"u8, 1, (byte)'7']), .. Frame(7, 0, 0, new byte[8])],
        [0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f, .. TlsBytes.ClientHello()],
        [(byte)'S', .. TlsBytes.ServerHello13()],
        [0, 29, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, (byte)'w', (byte)'e', (byte)'b', 7, .. "example"u8, 0, 0, 1, 0, 1],
    ];

    [Fact(Timeout = 300_000)]
    public async Task Analyze_MutatedStreamsInPieces_IsACard()
    {
        var ended = TestContext.Current.CancellationToken;
        var bytes = Gen.Select(Gen.Int[0, Seeds.Length - 1], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4_095], Gen.Byte).Array[0, 6]).Select(Mutate);
        var sends = Gen.Select(Gen.Bool, bytes, Gen.Int[1, 120], Gen.Int[0, 40]).Array[1, 12];

        await Gen.Select(sends, Gen.Bool, Gen.Bool, Gen.Int[60, 400]).SampleAsync(async (all, opened, dns, snapLength) =>
        {
            CaptureMaker capture = new();
            TcpTalk talk = new(capture, "10.0.0.1:40000", dns ? "10.0.0.2:53" : "10.0.0.2:80");
            if (opened)
            {
                talk.Open();
            }

            foreach (var (fromClient, data, piece, fault) in all)
            {
                Send(talk, fromClient, data, piece, fault);
            }

            AnalysisOptions options = new() { Conversations = 4, Rows = 3, StreamBytes = 4_096 };
            CaptureSurvey survey = new(options);
            using MemoryStream file = new(capture.Changed(frames => frames, snapLength).ToPcap());
            await CaptureAnalyzer.WalkAsync(file, survey, options, ended);
            Assert.InRange(survey.Streams.BytesInUse, 0, options.StreamBytes);
            var card = survey.Close();
            Assert.Equal(0, survey.Streams.BytesInUse);
            Assert.NotEmpty(CardMarkdown.Write(card));
            Assert.NotEmpty(JsonSerializer.Serialize(card));
        }, iter: 6_000, threads: 2);
    }

    /// <summary>Each sends half of a message, or leaves out its first segment, and goes on in another connection.</summary>
    [Fact]
    public async Task Analyze_ManyHalfSentMessages_KeepsFewBytes()
    {
        const int connections = 3_000;
        CaptureMaker capture = new();
        var half = TlsBytes.Record(22, [1, 0, 0x3f, 0xff, .. new byte[1_200]]);
        for (var i = 0; i < connections; i++)
        {
            var talk = new TcpTalk(capture, $"10.1.{i / 200}.{i % 200}:40000", "10.0.0.2:443").Open();
            talk.ClientNext += i % 2 == 0 ? 0u : 1_000u;
            talk.ClientSends(half).ClientSends(half);
        }

        CaptureSurvey survey = new(new() { StreamBytes = 100_000 });
        using MemoryStream file = new(capture.ToPcap());
        await CaptureAnalyzer.WalkAsync(file, survey, new(), TestContext.Current.CancellationToken);

        Assert.InRange(survey.Streams.BytesInUse, 1, 100_000);
        var card = survey.Close();
        Assert.Equal((connections, 0L), (card.Tcp.Connections, survey.Streams.BytesInUse));
        Assert.Contains(card.CannotSay, sentence => sentence.Contains("there was no room to keep their parts", StringComparison.Ordinal));
    }

    private static void Send(TcpTalk talk, bool fromClient, byte[] data, int piece, int fault)
    {
        for (var at = 0; at < data.Length; at += piece)
        {
            var part = data.AsSpan(at, Math.Min(piece, data.Length - at));
            var skip = (uint)(fault == 1 + (at % 7) ? piece : 0);
            if (fromClient)
            {
                talk.ClientNext += skip;
                talk.ClientSends(part);
                talk.ClientNext -= fault == 20 ? (uint)part.Length / 2 : 0;
            }
            else
            {
                talk.ServerNext += skip;
                talk.ServerSends(part);
                talk.ServerNext -= fault == 20 ? (uint)part.Length / 2 : 0;
            }
        }

        if (fault is 30 or 31)
        {
            talk.Client(fault == 30 ? TcpFlags.Reset : TcpFlags.Fin | TcpFlags.Ack);
        }
    }

    private static byte[] Mutate(int seed, (int Kind, int At, byte Value)[] changes)
    {
        List<byte> data = [.. Seeds[seed]];
        foreach (var (kind, at, value) in changes)
        {
            var place = at % data.Count;
            switch (kind)
            {
                case 0:
                    data[place] = value;
                    break;
                case 1:
                    data[place] ^= (byte)(1 << (value & 7));
                    break;
                case 2 when data.Count > value + 1:
                    data.RemoveRange(Math.Min(place, data.Count - value - 1), value);
                    break;
                default:
                    data.Insert(place, value);
                    break;
            }
        }

        return [.. data];
    }

    private static byte[] Frame(byte type, byte flags, byte stream, byte[] payload) => [0, 0, (byte)payload.Length, type, flags, 0, 0, 0, stream, .. payload];

    private static byte[] Headers(byte stream, byte flags) => Frame(1, (byte)(flags | 0x28), stream, [1, 0, 0, 0, 0, 16, 0x82, 0x44, 4, .. "/a/1"u8, 0]);

    private static byte[] Certificate()
    {
        using var certificate = TlsTalks.Certificate();
        var der = certificate.RawData;
        return TlsBytes.Message(11, [0, (byte)((der.Length + 3) >> 8), (byte)(der.Length + 3), 0, (byte)(der.Length >> 8), (byte)der.Length, .. der]);
    }
}
