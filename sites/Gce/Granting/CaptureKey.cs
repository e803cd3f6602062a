using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Renci.SshNet;

namespace CaptureFlow.Sites.Gce;

/// <summary>A key pair made for one capture by one process. The private half is never written anywhere.</summary>
internal sealed class CaptureKey : IDisposable
{
    private const string Algorithm = "ecdsa-sha2-nistp256";
    private const string Curve = "nistp256";

    private CaptureKey(SshKeyLine line, string fingerprint, PrivateKeyFile secret) => (Line, Fingerprint, Secret) = (line, fingerprint, secret);

    /// <summary>The public half, as the instance's metadata has it.</summary>
    public SshKeyLine Line { get; }

    /// <summary><c>SHA256:…</c>, as sshd logs it.</summary>
    public string Fingerprint { get; }

    public PrivateKeyFile Secret { get; }

    /// <summary>Whether the node has let it in.</summary>
    public bool LoggedIn { get; set; }

    /// <summary>Whether the tap of its capture was seen to have ended.</summary>
    public bool TapEnded { get; set; }

    /// <summary>Whether a revoke has tried to end the tap; with <see cref="TapEnded"/> not set, the next one tries again, for which it puts the key back.</summary>
    public bool TapNotReached { get; set; }

    public static CaptureKey Make(string user, string captureId, DateTimeOffset expiresAt)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        byte[] blob = [.. Text(Algorithm), .. Text(Curve), .. Sized([4, .. point.X!, .. point.Y!])];
        var secret = Encoding.ASCII.GetBytes(pair.ExportECPrivateKeyPem());
        try
        {
            using var stream = new MemoryStream(secret);
            return new(
                new SshKeyLine(user, $"{Algorithm} {Convert.ToBase64String(blob)}", captureId, expiresAt),
                $"SHA256:{Convert.ToBase64String(SHA256.HashData(blob)).TrimEnd('=')}",
                new PrivateKeyFile(stream));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    public void Dispose() => Secret.Dispose();

    private static byte[] Text(string text) => Sized(Encoding.ASCII.GetBytes(text));

    private static byte[] Sized(byte[] bytes)
    {
        var length = new byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        return [.. length, .. bytes];
    }
}
