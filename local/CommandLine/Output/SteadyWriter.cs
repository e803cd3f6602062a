using System.Text;

namespace CaptureFlow.Local.CommandLine;

/// <summary>
/// Text to a terminal, pipe or file that may go away. The first write that fails is told to <paramref name="lost"/>; it and all later ones are dropped,
/// since no picture of a capture is worth more than the end of its rights. A flush asks without writing: whoever has nothing new to say in a long
/// window hears of it all the same.
/// </summary>
/// <param name="stream">Where the text goes; not disposed.</param>
/// <param name="encoding">Without a byte order mark.</param>
/// <param name="readerIsGone">Asked after each write and at each flush: the runtime's console takes a closed pipe for a success.</param>
/// <param name="lost">Called once.</param>
internal sealed class SteadyWriter(Stream stream, Encoding encoding, Func<bool> readerIsGone, Action lost) : TextWriter
{
    private readonly StreamWriter _text = new(stream, encoding) { AutoFlush = true };

    public override Encoding Encoding => encoding;

    /// <summary>Whether anything that was written is missing at the other end.</summary>
    public bool IsLost { get; private set; }

    public override void Write(char value) => Write([value], 0, 1);

    public override void Write(string? value) => Write((value ?? string.Empty).ToCharArray());

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void Write(char[] buffer, int index, int count)
    {
        if (IsLost)
        {
            return;
        }

        try
        {
            _text.Write(buffer, index, count);
        }
        catch (IOException)
        {
            // EIO of a terminal that was closed, ENOSPC of a full disk.
            Lose();
            return;
        }

        Flush();
    }

    public override void Flush()
    {
        // What was written is out already.
        if (!IsLost && readerIsGone())
        {
            Lose();
        }
    }

    private void Lose()
    {
        IsLost = true;
        lost();
    }
}
