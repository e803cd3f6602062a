using System.Buffers.Binary;

namespace CaptureFlow.Analysis;

/// <summary>The header and the first question of a DNS message; what comes behind is not looked at.</summary>
/// <param name="Id">By which the answer is told from others.</param>
/// <param name="IsAnswer">Else it is a question.</param>
/// <param name="ResponseCode">0 for none; 2 SERVFAIL, 3 NXDOMAIN.</param>
/// <param name="Name">In lower case, without the last full stop, and safe to show; null when it is cut or there is no question.</param>
internal readonly record struct DnsMessage(ushort Id, bool IsAnswer, int ResponseCode, string? Name)
{
    public const int ServerFailure = 2;
    public const int NoSuchName = 3;

    private const int HeaderLength = 12;
    private const int LongestName = 255;

    /// <summary>Labels above are pointers and types that nobody uses in a question.</summary>
    private const int LongestLabel = 63;

    /// <summary>False for what is too short to be one, and for updates and other operations than a query.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out DnsMessage message)
    {
        message = default;
        if (data.Length < HeaderLength || (data[2] & 0x78) != 0)
        {
            return false;
        }

        var questions = BinaryPrimitives.ReadUInt16BigEndian(data[4..]);
        message = new(BinaryPrimitives.ReadUInt16BigEndian(data), (data[2] & 0x80) != 0, data[3] & 15, questions == 0 ? null : TryReadName(data[HeaderLength..]));
        return true;
    }

    private static string? TryReadName(ReadOnlySpan<byte> data)
    {
        Span<byte> name = stackalloc byte[LongestName + 1];
        var length = 0;
        while (data.Length > 0 && data[0] is > 0 and <= LongestLabel && data.Length > data[0] && length + data[0] + 1 <= LongestName)
        {
            if (length > 0)
            {
                name[length++] = (byte)'.';
            }

            data[1..(data[0] + 1)].CopyTo(name[length..]);
            length += data[0];
            data = data[(data[0] + 1)..];
        }

        if (data.Length == 0 || data[0] != 0)
        {
            return null;
        }

        return length == 0 ? "." : Words.Safe(name[..length]).ToLowerInvariant();
    }
}
