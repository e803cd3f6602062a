namespace CaptureFlow.Evidence;

/// <summary>The key that logs are signed with: <c>CaptureFlow:Custody</c>. Whoever holds the store must not hold it.</summary>
public sealed class CustodyOptions
{
    public const string Section = "CaptureFlow:Custody";

    /// <summary>A private key on the curve P-256: its PEM text, or the base64 within, as PKCS #8 or SEC 1. On Azure a reference to the vault.</summary>
    /// <value>None: the key of <see cref="KeyFile"/>.</value>
    public string? SigningKey { get; set; }

    /// <summary>A file with such a key, made with the first entry where it is missing, readable by its user alone. Not in the store's folder.</summary>
    /// <value>None: nothing is signed without <see cref="SigningKey"/>. The local host sets it to <c>custody.key</c> in its state folder.</value>
    public string? KeyFile { get; set; }
}
