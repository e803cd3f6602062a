using System.Security.Cryptography;
using System.Text;

namespace CaptureFlow.Evidence;

/// <summary>A private key that logs are signed with: ECDSA on P-256 with SHA-256, signatures of 64 bytes (r and s).</summary>
public sealed class CustodyKey : IDisposable
{
    private readonly ECDsa _key;

    private CustodyKey(ECDsa key)
    {
        _key = key;
        Id = IdOf(key);
    }

    /// <summary>By which a signature says whose it is: the first 16 hexadecimal digits of the SHA-256 of the public key (SubjectPublicKeyInfo).</summary>
    public string Id { get; }

    /// <summary>What verification needs, as PEM.</summary>
    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();

    /// <summary>What has to be kept from whoever holds the store, as PEM.</summary>
    public string PrivatePem => _key.ExportPkcs8PrivateKeyPem();

    public static CustodyKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <param name="text">PEM, or the base64 within; PKCS #8 or SEC 1.</param>
    /// <exception cref="CryptographicException">It is no private key on P-256.</exception>
    public static CustodyKey FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var key = ECDsa.Create();
        try
        {
            Import(key, text);
            RequireCurve(key);
            _ = key.ExportParameters(includePrivateParameters: true);
            return new(key);
        }
        catch (Exception e)
        {
            key.Dispose();
            throw e as CryptographicException ?? new CryptographicException("It is not a private key.", e);
        }
    }

    public string Sign(string text) => Convert.ToBase64String(_key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256));

    public void Dispose() => _key.Dispose();

    internal static string IdOf(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];

    internal static void RequireCurve(ECDsa key)
    {
        if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
        {
            throw new CryptographicException("It is on another curve than P-256.");
        }
    }

    private static void Import(ECDsa key, string text)
    {
        if (text.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            key.ImportFromPem(text);
            return;
        }

        var bytes = Convert.FromBase64String(text.Trim());
        try
        {
            key.ImportPkcs8PrivateKey(bytes, out _);
        }
        catch (CryptographicException)
        {
            key.ImportECPrivateKey(bytes, out _);
        }
    }
}
