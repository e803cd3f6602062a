using System.Text;

namespace CaptureFlow.Analysis.Tests;

/// <summary>Records and messages of TLS, made by hand.</summary>
internal static class TlsBytes
{
    public static byte[] Record(byte type, params byte[] body) => new ByteMaker(true).Bytes([type, 3, 3]).UInt16((ushort)body.Length).Bytes(body).ToArray();

    public static byte[] Alert(byte level, byte description) => Record(21, level, description);

    public static byte[] ClientHello(string name = TlsTalks.Name)
    {
        var host = Encoding.ASCII.GetBytes(name);
        byte[] extension = new ByteMaker(true).UInt16((ushort)(host.Length + 3)).Bytes([0]).UInt16((ushort)host.Length).Bytes(host).ToArray();
        byte[] extensions = new ByteMaker(true).UInt16(0).UInt16((ushort)extension.Length).Bytes(extension).ToArray();
        return Message(1, new ByteMaker(true).UInt16(0x0303).Bytes(new byte[32]).Bytes([0]).UInt16(2).UInt16(0xc02f).Bytes([1, 0]).UInt16((ushort)extensions.Length).Bytes(extensions).ToArray());
    }

    public static byte[] ServerHello(ushort version) =>
        Message(2, new ByteMaker(true).UInt16(version).Bytes(new byte[32]).Bytes([0]).UInt16(0xc02f).Bytes([0]).ToArray());

    /// <summary>TLS 1.3 is chosen in an extension.</summary>
    public static byte[] ServerHello13() => Message(2, new ByteMaker(true)
        .UInt16(0x0303).Bytes(new byte[32]).Bytes([0]).UInt16(0x1301).Bytes([0]).UInt16(6).UInt16(43).UInt16(2).UInt16(0x0304).ToArray());

    public static byte[] Message(byte type, byte[] body) => Record(22, [type, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body]);
}
