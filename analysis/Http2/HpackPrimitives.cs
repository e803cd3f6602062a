namespace CaptureFlow.Analysis;

/// <summary>Numbers and texts of HPACK (RFC 7541, chapter 5). What is read is taken off the front of the block.</summary>
internal static class HpackPrimitives
{
    private const int LongestInteger = 1 << 24;

    /// <param name="block">The rest of the block.</param>
    /// <param name="text">Gets as much of the text as fits.</param>
    /// <param name="length">How long all of it is.</param>
    public static bool TryString(ref ReadOnlySpan<byte> block, scoped Span<byte> text, out int length)
    {
        length = 0;
        var huffman = block.Length > 0 && (block[0] & 0x80) != 0;
        if (!TryInteger(ref block, 7, out var coded) || coded > block.Length)
        {
            return false;
        }

        var bytes = block[..coded];
        block = block[coded..];
        if (huffman)
        {
            length = HpackHuffman.Decode(bytes, text);
            return length >= 0;
        }

        bytes[..Math.Min(coded, text.Length)].CopyTo(text);
        length = coded;
        return true;
    }

    /// <param name="block">The rest of the block.</param>
    /// <param name="bits">Of the first byte that belong to the number.</param>
    /// <param name="value">The number.</param>
    public static bool TryInteger(ref ReadOnlySpan<byte> block, int bits, out int value)
    {
        value = 0;
        if (block.Length == 0)
        {
            return false;
        }

        var mask = (1 << bits) - 1;
        value = block[0] & mask;
        block = block[1..];
        if (value < mask)
        {
            return true;
        }

        for (var shift = 0; block.Length > 0 && shift <= 21; shift += 7)
        {
            var next = block[0];
            block = block[1..];
            value += (next & 0x7f) << shift;
            if ((next & 0x80) == 0)
            {
                return value <= LongestInteger;
            }
        }

        return false;
    }
}
