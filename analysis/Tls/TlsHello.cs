using System.Buffers.Binary;

namespace CaptureFlow.Analysis;

/// <summary>What a ClientHello offers, or a ServerHello chooses.</summary>
/// <param name="Version">The newest that is offered, or the one chosen; 0 when it is cut away.</param>
/// <param name="ServerName">In lower case and safe to show; null without one.</param>
/// <param name="Protocols">Of ALPN, safe to show.</param>
/// <param name="IsRetry">A HelloRetryRequest: the client is asked for another hello.</param>
/// <param name="IsCut">The end is not in the file.</param>
internal sealed record TlsHello(int Version, string? ServerName, IReadOnlyList<string> Protocols, bool IsRetry, bool IsCut)
{
    private const int RandomLength = 32;
    private const int ServerNameExtension = 0;
    private const int AlpnExtension = 16;
    private const int VersionsExtension = 43;
    private const int MostProtocols = 4;
    private const int Newest = 0x0304;

    /// <summary>RFC 8446, 4.1.3: the SHA-256 of "HelloRetryRequest" in place of the random bytes.</summary>
    private static ReadOnlySpan<byte> RetryRandom =>
    [
        0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
        0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
    ];

    /// <summary>Null for what is too short to have a version.</summary>
    public static TlsHello? Read(ReadOnlySpan<byte> body, bool ofClient, bool cut)
    {
        ByteCursor cursor = new(body);
        var version = cursor.UInt16();
        var random = cursor.Bytes(RandomLength);
        if (cursor.IsBroken)
        {
            return null;
        }

        cursor.Bytes(cursor.UInt8());
        cursor.Bytes(ofClient ? cursor.UInt16() : 2);
        cursor.Bytes(ofClient ? cursor.UInt8() : 1);
        var extensions = cursor.UInt16();
        if (cursor.IsBroken)
        {
            // TLS 1.3 calls itself 1.2 here, so that without the extensions a 1.2 may be either.
            return new(version == 0x0303 && cut ? 0 : version, null, [], random.SequenceEqual(RetryRandom), cut);
        }

        var said = 0;
        string? name = null;
        List<string> protocols = [];
        ByteCursor list = new(cursor.AtMost(extensions));
        while (!list.IsBroken && !list.IsAtEnd)
        {
            var type = list.UInt16();
            var data = list.Bytes(list.UInt16());
            if (list.IsBroken)
            {
                break;
            }

            switch (type)
            {
                case ServerNameExtension when ofClient:
                    name ??= ReadName(data);
                    break;
                case AlpnExtension:
                    ReadProtocols(data, protocols);
                    break;
                case VersionsExtension:
                    said = ReadVersions(data, ofClient);
                    break;
                default:
                    break;
            }
        }

        var unknown = said == 0 && cut && version == 0x0303;
        return new(said != 0 ? said : unknown ? 0 : version, name, protocols, random.SequenceEqual(RetryRandom), cut);
    }

    private static string? ReadName(ReadOnlySpan<byte> data)
    {
        ByteCursor cursor = new(data);
        cursor.UInt16();
        var type = cursor.UInt8();
        var name = cursor.Bytes(cursor.UInt16());
        return cursor.IsBroken || type != 0 || name.Length == 0 ? null : Words.Safe(name).ToLowerInvariant();
    }

    private static void ReadProtocols(ReadOnlySpan<byte> data, List<string> protocols)
    {
        ByteCursor cursor = new(data);
        cursor.UInt16();
        while (!cursor.IsAtEnd && protocols.Count < MostProtocols)
        {
            var name = cursor.Bytes(cursor.UInt8());
            if (cursor.IsBroken)
            {
                return;
            }

            protocols.Add(Words.Safe(name));
        }
    }

    // Of a client the newest that is known; it mixes in numbers that no version has (GREASE).
    private static int ReadVersions(ReadOnlySpan<byte> data, bool ofClient)
    {
        if (!ofClient)
        {
            return data.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(data) : 0;
        }

        var newest = 0;
        for (var i = 1; i + 1 < data.Length; i += 2)
        {
            var version = BinaryPrimitives.ReadUInt16BigEndian(data[i..]);
            newest = version <= Newest && version > newest ? version : newest;
        }

        return newest;
    }
}
