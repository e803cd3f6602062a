using System.Security.Cryptography;
using System.Text;

namespace CaptureFlow.Evidence;

/// <summary>The public keys that whoever verifies trusts; several after the signing key was changed.</summary>
public sealed class CustodyPublicKeys : IDisposable
{
    private readonly Dictionary<string, ECDsa> _keys = new(StringComparer.Ordinal);

    private CustodyPublicKeys()
    {
    }

    /// <param name="text">PEM texts, one after the other; what is between them is passed over. A private key counts for its public half.</param>
    /// <returns>The keys, or why there are none.</returns>
    public static (CustodyPublicKeys? Keys, string? Problem) Read(string text)
    {
        CustodyPublicKeys read = new();
        var rest = text.AsSpan();
        try
        {
            while (PemEncoding.TryFind(rest, out var fields))
            {
                var key = ECDsa.Create();
                key.ImportFromPem(rest[fields.Location]);
                CustodyKey.RequireCurve(key);
                read._keys[CustodyKey.IdOf(key)] = key;
                rest = rest[fields.Location.End..];
            }
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            read.Dispose();
            return (null, "it has a key that is not one on the curve P-256");
        }

        return read._keys.Count > 0 ? (read, null) : (null, "there is no PEM text in it");
    }

    /// <returns>Null when it holds; else what is wrong with it.</returns>
    public string? WhyNot(CustodySignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        if (!_keys.TryGetValue(signature.KeyId, out var key))
        {
            return $"it is signed by a key ({signature.KeyId}) that is not among those given ({string.Join(", ", _keys.Keys)})";
        }

        var bytes = new byte[signature.Base64.Length];
        return Convert.TryFromBase64String(signature.Base64, bytes, out var length)
            && key.VerifyData(Encoding.UTF8.GetBytes(signature.Text), bytes.AsSpan(0, length), HashAlgorithmName.SHA256)
            ? null
            : "its signature is not of these words";
    }

    public void Dispose()
    {
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }
    }
}
