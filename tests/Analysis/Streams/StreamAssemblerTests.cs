using System.Text;

namespace CaptureFlow.Analysis.Tests;

/// <summary>Segments are put in order, and gaps are given up within bounds.</summary>
public sealed class StreamAssemblerTests
{
    private readonly Heard _heard = new();
    private readonly StreamBudget _budget = new(100_000);

    [Fact]
    public void Segments_InAnyOrderAndOverlapping_AreHandedOnOnce()
    {
        StreamAssembler assembler = new(_budget, _heard, 1_000);

        Add(assembler, (1_003, "defg"), (1_000, "abc"), (1_000, "abc"), (1_005, "fghi"), (1_009, "j"));

        Assert.Equal("abcdefghij", _heard.ToString());
        Assert.Equal((0, 0), (assembler.Missing, _budget.InUse));
    }

    [Fact]
    public void Sequence_ThatWraps_GoesOn()
    {
        StreamAssembler assembler = new(_budget, _heard, uint.MaxValue - 1);

        Add(assembler, (1, "d"), (uint.MaxValue - 1, "ab"), (0, "c"));

        Assert.Equal("abcd", _heard.ToString());
    }

    [Fact]
    public void Gap_ThatIsAcknowledged_IsGivenUp()
    {
        StreamAssembler assembler = new(_budget, _heard, 1_000);
        Add(assembler, (1_000, "abc"), (1_008, "ijk"));
        Assert.Equal("abc", _heard.ToString());

        assembler.Acknowledged(1_008);
        Assert.Equal("abc", _heard.ToString());
        assembler.Acknowledged(1_009);

        Assert.Equal("abc[5 lost]ijk", _heard.ToString());
        Assert.Equal(5, assembler.Missing);
    }

    /// <summary>Nobody acknowledges in a capture of one direction.</summary>
    [Fact]
    public void Gap_BehindWhichMoreWaitsThanMay_IsGivenUp()
    {
        StreamAssembler assembler = new(_budget, _heard, 1_000);
        for (var i = 0u; i < 65; i++)
        {
            Add(assembler, (1_005 + i, "x"));
        }

        Assert.Equal($"[5 lost]{new string('x', 65)}", _heard.ToString());
        Assert.Equal(0, _budget.InUse);
    }

    [Fact]
    public void Room_ThatIsUsedUp_MakesAGapOfWhatWasNotKept()
    {
        StreamAssembler assembler = new(new(3), _heard, 1_000);
        Add(assembler, (1_001, "bcd"), (1_004, "ef"), (1_000, "a"));

        Assert.Equal("abcd[2 lost]", _heard.ToString());
    }

    [Fact]
    public void End_HandsOnWhatWaits_DropDoesNot()
    {
        StreamAssembler assembler = new(_budget, _heard, 1_000);
        Add(assembler, (1_002, "c"));
        assembler.End();
        Assert.Equal("[2 lost]c", _heard.ToString());

        Add(assembler, (1_009, "j"));
        assembler.Drop();
        Assert.Equal(("[2 lost]c", 0L), (_heard.ToString(), _budget.InUse));
    }

    private static void Add(StreamAssembler assembler, params (uint Sequence, string Text)[] segments)
    {
        foreach (var (sequence, text) in segments)
        {
            Packet packet = new();
            packet.Begin(1, default, null);
            packet.Sequence = sequence;
            packet.Payload = Encoding.ASCII.GetBytes(text);
            packet.PayloadLength = text.Length;
            packet.Flags = TcpFlags.Ack;
            assembler.Add(packet);
        }
    }

    private sealed class Heard : IByteSink
    {
        private readonly StringBuilder _text = new();

        public void Take(ReadOnlySpan<byte> data, bool startsSegment, Moment at) => _text.Append(Encoding.ASCII.GetString(data));

        public void Lost(long length, Moment at) => _text.Append(System.Globalization.CultureInfo.InvariantCulture, $"[{length} lost]");

        public override string ToString() => _text.ToString();
    }
}
