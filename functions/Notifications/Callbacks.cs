using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Notifications;

/// <summary>
/// Checks the address that an order wants to be told at, and seals it for the time until then: such an address often holds a token of its own, and what an
/// orchestration keeps can be read by others.
/// </summary>
public sealed class Callbacks(IOptions<CallbackOptions> options)
{
    /// <summary>Stands for the order's own address among the names of receivers; no setting can have this name.</summary>
    public const string ReceiverName = ":callback";

    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <returns>What is to be kept of the address; or null and why it is refused, without the address, and what to do.</returns>
    internal (string? Sealed, string Problem, string Remedy) Seal(string address)
    {
        if (!TryRead(address, out var url))
        {
            return (null, "'callback' is not an address that can be told.", "Give an https address (http on loopback only) without user name and fragment.");
        }

        return IsAllowed(url)
            ? (Sealed(url.AbsoluteUri, options.Value.Secrets[0]), "", "")
            : (null, $"Callbacks to the host '{url.Authority}' are not allowed.", $"Have it added to {CallbackOptions.Section}:{nameof(CallbackOptions.Hosts)}, or poll the capture.");
    }

    /// <summary>The receiver that a sealed address is; null when no secret opens it, or its host is no longer allowed.</summary>
    internal ReceiverOptions? TryOpen(string? kept) =>
        kept is not null && options.Value.Secrets.Select(secret => Opened(kept, secret)).FirstOrDefault(text => text is not null) is { } address
        && TryRead(address, out var url) && IsAllowed(url)
            ? new() { Url = url, Secrets = [.. options.Value.Secrets], AllowPrivate = options.Value.AllowPrivate }
            : null;

    private static bool TryRead(string address, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(address, UriKind.Absolute, out url)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
        && url.UserInfo.Length == 0 && url.Fragment.Length == 0;

    private bool IsAllowed(Uri url) => options.Value.Hosts.Any(host => host.StartsWith("*.", StringComparison.Ordinal)
        ? url.Authority.EndsWith(host[1..], StringComparison.OrdinalIgnoreCase)
        : url.Authority.Equals(host, StringComparison.OrdinalIgnoreCase));

    // The nonce is of the address itself: the same order is the same order again, and two addresses never share one.
    private static string Sealed(string address, string secret)
    {
        var text = Encoding.UTF8.GetBytes(address);
        var kept = new byte[NonceLength + TagLength + text.Length];
        HMACSHA256.HashData(KeyOf(secret, "nonce"), text).AsSpan(0, NonceLength).CopyTo(kept);
        using AesGcm cipher = new(KeyOf(secret, "text"), TagLength);
        cipher.Encrypt(kept.AsSpan(0, NonceLength), text, kept.AsSpan(NonceLength + TagLength), kept.AsSpan(NonceLength, TagLength));
        return Convert.ToBase64String(kept);
    }

    private static string? Opened(string kept, string secret)
    {
        var bytes = new byte[kept.Length];
        if (!Convert.TryFromBase64String(kept, bytes, out var length) || length < NonceLength + TagLength)
        {
            return null;
        }

        var text = new byte[length - NonceLength - TagLength];
        try
        {
            using AesGcm cipher = new(KeyOf(secret, "text"), TagLength);
            cipher.Decrypt(bytes.AsSpan(0, NonceLength), bytes.AsSpan(NonceLength + TagLength, text.Length), bytes.AsSpan(NonceLength, TagLength), text);
            return Encoding.UTF8.GetString(text);
        }
        catch (AuthenticationTagMismatchException)
        {
            // Sealed with another secret.
            return null;
        }
    }

    private static byte[] KeyOf(string secret, string use) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: Encoding.UTF8.GetBytes($"captureflow callback {use}"));
}
