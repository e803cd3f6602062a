namespace CaptureFlow.Analysis.Tests;

/// <summary>However long the file is, what is kept of it is bounded.</summary>
public sealed class LargeCaptureTests
{
    private const int Connections = 200_000;

    [Fact]
    public async Task Analyze_ManyConnections_KeepsFew()
    {
        CaptureSurvey survey = new(new() { Conversations = 500 });
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await CaptureAnalyzer.WalkAsync(new ManyConnections(), survey, new() { Conversations = 500 }, default);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        var card = survey.Close();

        Assert.Equal((Connections, Connections * 2L), (card.Tcp.Connections, card.File.Packets));
        Assert.Equal(Connections, card.Tcp.Refused);
        Assert.InRange(kept, long.MinValue, 8 << 20);
        Assert.Contains(card.CannotSay, sentence => sentence.Contains("concluded early", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Analyze_TimeIsUp_StopsAndSaysSo()
    {
        var card = await CaptureAnalyzer.AnalyzeAsync(new ManyConnections(), new() { Longest = TimeSpan.Zero }, default);

        Assert.InRange(card.File.Packets, 1, Connections);
        Assert.False(card.File.ReadToItsEnd);
        Assert.Contains(card.CannotSay, sentence => sentence.StartsWith("What comes after packet ", StringComparison.Ordinal));
    }

    /// <summary>Connections that are refused, one after the other, made as they are read.</summary>
    private sealed class ManyConnections : Stream
    {
        private byte[] _piece = new CaptureMaker().ToPcap();
        private int _at;
        private int _made;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (_at == _piece.Length)
            {
                if (_made == Connections)
                {
                    return 0;
                }

                (_piece, _at) = (Next(), 0);
            }

            var length = Math.Min(buffer.Length, _piece.Length - _at);
            _piece.AsSpan(_at, length).CopyTo(buffer);
            _at += length;
            return length;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private byte[] Next()
        {
            CaptureMaker capture = new();
            for (var i = 0; i < 1_000; i++, _made++)
            {
                new TcpTalk(capture, $"10.{_made / 62_500}.{_made / 250 % 250}.{_made % 250}:40000", "10.99.0.2:81").Client(TcpFlags.Syn).Server(TcpFlags.Reset | TcpFlags.Ack);
            }

            return capture.ToPcap()[24..];
        }
    }
}
