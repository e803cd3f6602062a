using System.Text;
using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class SteadyWriterTests
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    [Fact]
    public void Write_SomebodyReads_EverythingArrivesAtOnce()
    {
        using MemoryStream stream = new();
        using SteadyWriter writer = new(stream, Utf8, () => false, () => Assert.Fail("It is not lost."));

        writer.Write('a');
        writer.WriteLine("bü");
        writer.Write($"{1}");

        Assert.Equal($"abü{Environment.NewLine}1", Encoding.UTF8.GetString(stream.ToArray()));
        Assert.False(writer.IsLost);
    }

    [Fact]
    public void Write_TerminalIsGone_SaysSoOnceAndNeverThrows()
    {
        var said = 0;
        using FailingStream stream = new();
        using SteadyWriter writer = new(stream, Utf8, () => false, () => said++);

        writer.WriteLine("one");
        writer.WriteLine("two");
        writer.Flush();

        Assert.Equal((1, 1, true), (said, stream.Tries, writer.IsLost));
    }

    [Fact]
    public void Write_ReaderIsGoneAndTheWriteSucceeds_IsLostAllTheSame()
    {
        var said = 0;
        using MemoryStream stream = new();
        using SteadyWriter writer = new(stream, Utf8, () => true, () => said++);

        writer.WriteLine("one");
        writer.WriteLine("two");

        Assert.Equal((1, $"one{Environment.NewLine}"), (said, Encoding.UTF8.GetString(stream.ToArray())));
    }

    [Fact]
    public void Flush_ReaderIsGoneAndNothingIsWritten_IsSaidOnce()
    {
        var (gone, said) = (false, 0);
        using MemoryStream stream = new();
        using SteadyWriter writer = new(stream, Utf8, () => gone, () => said++);

        writer.Flush();
        var before = said;
        gone = true;
        writer.Flush();
        writer.Flush();

        Assert.Equal((0, 1, true, 0L), (before, said, writer.IsLost, stream.Length));
    }

    private sealed class FailingStream : MemoryStream
    {
        public int Tries { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Tries++;
            throw new IOException("Input/output error");
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
