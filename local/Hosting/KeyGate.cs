using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Local.Hosting;

/// <summary>
/// Decides who may call a function. With keys, every function that is not anonymous needs one. Without keys the host listens on loopback
/// only, and there it turns away what a web page open on this machine could send.
/// </summary>
internal sealed class KeyGate
{
    public const string KeysSection = "CaptureFlow:Local:Keys";
    public const string Header = "x-functions-key";

    /// <summary>Shorter keys can be guessed: 20 characters of base64 are 120 bits.</summary>
    public const int ShortestKey = 20;

    private readonly byte[][] _hashes;

    /// <exception cref="HostRefusedException">The keys do not suffice for where the host listens.</exception>
    public KeyGate(IReadOnlyList<string> keys, Uri url)
    {
        if (keys.FirstOrDefault(k => k.Length < ShortestKey) is { } weak)
        {
            throw new HostRefusedException($"A key of {KeysSection} has {weak.Length} characters; that can be guessed.", $"Give each key at least {ShortestKey} random characters.");
        }

        if (keys.Count == 0 && !url.IsLoopback)
        {
            throw new HostRefusedException(
                $"{url.GetLeftPart(UriPartial.Authority)} can be reached from other machines, and no key protects it.",
                $"Listen on http://127.0.0.1:{url.Port}, or set a key, e.g. {KeysSection.Replace(":", "__", StringComparison.Ordinal)}__0=$(openssl rand -base64 24).");
        }

        _hashes = [.. keys.Select(Hash)];
    }

    /// <summary>Null when the request may pass; else the status and the reason.</summary>
    public (int Status, string Reason)? Refusal(AuthorizationLevel level, HttpRequest request)
    {
        if (_hashes.Length == 0)
        {
            return FromAnotherSite(request) ? (StatusCodes.Status403Forbidden, "Without keys, this host answers programs on this machine only, not web pages.") : null;
        }

        return level == AuthorizationLevel.Anonymous || Presented(request).Any(Known)
            ? null
            : (StatusCodes.Status401Unauthorized, $"This function needs a key, in the header {Header} or the query parameter 'code'.");
    }

    private static IEnumerable<string> Presented(HttpRequest request) =>
        request.Headers[Header].Concat(request.Query["code"]).OfType<string>();

    private bool Known(string key)
    {
        var hash = Hash(key);
        var known = false;
        foreach (var candidate in _hashes)
        {
            // No early exit: the time says nothing about which key, or how much of it, was right.
            known |= CryptographicOperations.FixedTimeEquals(candidate, hash);
        }

        return known;
    }

    /// <summary>A page's script sends an Origin; a page whose name was pointed at loopback sends that name as Host.</summary>
    private static bool FromAnotherSite(HttpRequest request)
    {
        var host = request.Host.Host.Trim('[', ']');
        var loopback = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        return !loopback || request.Headers.ContainsKey("Origin");
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
