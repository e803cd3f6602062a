using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CaptureFlow.Local.Durable.Replay;

/// <summary>Guids that replay repeats: made of the instance, its clock and a counter.</summary>
internal static class DeterministicGuid
{
    private const int GuidBytes = 16;

    public static Guid Create(string instanceId, DateTime now, int counter)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{instanceId}|{now.Ticks}|{counter}");
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, GuidBytes);

        // RFC 9562: version 8 (made by a rule of one's own), variant 10.
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
