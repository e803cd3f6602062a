namespace CaptureFlow.Analysis;

/// <summary>
/// The Huffman code of HPACK (RFC 7541, appendix B). It is canonical: codes of one length follow one another in the order of their symbols, so that the
/// lengths alone tell all of it.
/// </summary>
internal static class HpackHuffman
{
    private const int Longest = 30;
    private const int EndOfString = 256;

    private static readonly int[] FirstCode = new int[Longest + 1];
    private static readonly int[] Count = new int[Longest + 1];
    private static readonly int[] FirstSymbol = new int[Longest + 1];
    private static readonly short[] Symbols = new short[Lengths.Length];

    static HpackHuffman()
    {
        foreach (var length in Lengths)
        {
            Count[length]++;
        }

        var (code, at) = (0, 0);
        for (var length = 1; length <= Longest; length++)
        {
            (code, FirstSymbol[length]) = (code << 1, at);
            FirstCode[length] = code;
            for (var symbol = 0; symbol < Lengths.Length; symbol++)
            {
                if (Lengths[symbol] == length)
                {
                    Symbols[at++] = (short)symbol;
                }
            }

            code += Count[length];
        }
    }

    private static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    /// <returns>How long the text is, though only as much of it is written as fits; -1 when it is not of this code.</returns>
    public static int Decode(ReadOnlySpan<byte> coded, Span<byte> text)
    {
        var (code, length, written) = (0, 0, 0);
        foreach (var eight in coded)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                code = (code << 1) | ((eight >> bit) & 1);
                length++;
                var index = code - FirstCode[length];
                if (index >= 0 && index < Count[length])
                {
                    var symbol = Symbols[FirstSymbol[length] + index];
                    if (symbol == EndOfString)
                    {
                        return -1;
                    }

                    if (written < text.Length)
                    {
                        text[written] = (byte)symbol;
                    }

                    written++;
                    (code, length) = (0, 0);
                }
                else if (length == Longest)
                {
                    return -1;
                }
            }
        }

        // The last byte is filled up with ones.
        return length < 8 && code == (1 << length) - 1 ? written : -1;
    }
}
