namespace CaptureFlow.Analysis;

/// <summary>What follows the head of a message.</summary>
/// <param name="Kind">How its end is found.</param>
/// <param name="Length">Of a body whose length is told.</param>
internal readonly record struct HttpBody(HttpBodyKind Kind, long Length = 0)
{
    public static HttpBody None => new(HttpBodyKind.Length);

    /// <summary>As the headers tell it, for a message that may have a body.</summary>
    /// <param name="head">The head.</param>
    /// <param name="otherwise">When they tell nothing.</param>
    public static HttpBody From(ReadOnlySpan<byte> head, HttpBodyKind otherwise)
    {
        var length = -1L;
        foreach (var range in head.Split((byte)'\n'))
        {
            var line = head[range].TrimEnd((byte)'\r');
            var colon = line.IndexOf((byte)':');
            if (colon <= 0)
            {
                continue;
            }

            var value = line[(colon + 1)..].Trim((byte)' ');
            if (System.Text.Ascii.EqualsIgnoreCase(line[..colon], "Transfer-Encoding"u8) && value.Length >= 7
                && System.Text.Ascii.EqualsIgnoreCase(value[^7..], "chunked"u8))
            {
                return new(HttpBodyKind.Chunked);
            }

            if (length < 0 && System.Text.Ascii.EqualsIgnoreCase(line[..colon], "Content-Length"u8)
                && System.Buffers.Text.Utf8Parser.TryParse(value, out long said, out var used) && used == value.Length && said >= 0)
            {
                length = said;
            }
        }

        return length >= 0 ? new(HttpBodyKind.Length, length) : new(otherwise);
    }
}
