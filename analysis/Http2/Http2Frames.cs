using System.Buffers.Binary;

namespace CaptureFlow.Analysis;

/// <summary>The headers of frames of HTTP/2 (RFC 9113, chapter 4).</summary>
internal static class Http2Frames
{
    public const int HeaderLength = 9;
    public const int Data = 0;
    public const int HeadersFrame = 1;
    public const int Priority = 2;
    public const int ResetFrame = 3;
    public const int Settings = 4;
    public const int PushPromise = 5;
    public const int Ping = 6;
    public const int GoAwayFrame = 7;
    public const int WindowUpdate = 8;
    public const int Continuation = 9;
    /// <summary>What ends that did not agree on more may send; hardly anybody agrees on more.</summary>
    private const int LongestUsualFrame = 16_384;


    /// <summary>Whether these bytes, from their first to their last, are frames one behind the other.</summary>
    public static bool AreIn(ReadOnlySpan<byte> segment)
    {
        var frames = 0;
        while (segment.Length >= HeaderLength && IsPlausible(segment))
        {
            var length = HeaderLength + LengthOf(segment);
            frames++;
            if (length >= segment.Length)
            {
                return length == segment.Length || frames > 1;
            }

            segment = segment[length..];
        }

        return false;
    }

    public static int LengthOf(ReadOnlySpan<byte> header) => (header[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(header[1..]);

    public static int StreamOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadInt32BigEndian(header[5..]) & int.MaxValue;

    private static bool IsPlausible(ReadOnlySpan<byte> header)
    {
        var (length, stream) = (LengthOf(header), StreamOf(header));
        return (header[5] & 0x80) == 0 && length <= LongestUsualFrame && header[3] switch
        {
            Data or HeadersFrame or PushPromise or Continuation => stream != 0,
            Priority => length == 5 && stream != 0,
            ResetFrame => length == 4 && stream != 0,
            Settings => length % 6 == 0 && stream == 0 && (header[4] & ~1) == 0,
            Ping => length == 8 && stream == 0,
            GoAwayFrame => length >= 8 && stream == 0,
            WindowUpdate => length == 4,
            _ => false,
        };
    }
}
