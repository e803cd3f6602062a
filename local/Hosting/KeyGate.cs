using System.Net;
using System.Security.Cryptography;
using System.Text;
using CaptureFlow.Functions.Access;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

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

    private readonly (LocalKey Key, byte[] Hash)[] _keys;

    /// <exception cref="HostRefusedException">The keys do not suffice for where the host listens.</exception>
    public KeyGate(IReadOnlyList<LocalKey> keys, Uri url)
    {
        if (keys.FirstOrDefault(k => k.Value.Length < ShortestKey) is { } weak)
        {
            throw new HostRefusedException($"A key of {KeysSection} has {weak.Value.Length} characters; that can be guessed.", $"Give each key at least {ShortestKey} random characters.");
        }

        if (keys.Count == 0 && !url.IsLoopback)
        {
            throw new HostRefusedException(
                $"{url.GetLeftPart(UriPartial.Authority)} can be reached from other machines, and no key protects it.",
                $"Listen on http://127.0.0.1:{url.Port}, or set a key, e.g. {KeysSection.Replace(":", "__", StringComparison.Ordinal)}__0=$(openssl rand -base64 24).");
        }

        _keys = [.. keys.Select(key => (key, Hash(key.Value)))];
    }

    /// <summary>With the keys of the configuration: a list of them, or an object with a name for each.</summary>
    /// <inheritdoc cref="KeyGate(IReadOnlyList{LocalKey}, Uri)" path="/exception"/>
    public static KeyGate Of(IConfiguration section, Uri url) => new(LocalKey.ReadAll(section), url);

    /// <summary>Null when the request may pass; else the status and why not.</summary>
    /// <remarks>Notes beside the request which key it came with.</remarks>
    public (int Status, CaptureFault Fault)? Refusal(AuthorizationLevel level, HttpRequest request)
    {
        if (_keys.Length == 0)
        {
            return FromAnotherSite(request)
                ? (StatusCodes.Status403Forbidden, new(
                    FaultCodes.PageRefused,
                    "Without keys, this host answers programs on this machine only, not web pages.",
                    "Ask it by 127.0.0.1 or localhost, without the header Origin; or give it a key and send that."))
                : null;
        }

        if (level == AuthorizationLevel.Anonymous)
        {
            return null;
        }

        if (Presented(request).Select(Find).FirstOrDefault(found => found is not null) is { } key)
        {
            KnownKey.Set(request.HttpContext, key.Name);
            return null;
        }

        return (StatusCodes.Status401Unauthorized, new(
            FaultCodes.KeyMissing,
            "This address needs a key, and the request has none that is known here.",
            $"Send one of {KeysSection} in the header {Header} or the query parameter 'code'."));
    }

    private static IEnumerable<string> Presented(HttpRequest request) =>
        request.Headers[Header].Concat(request.Query["code"]).OfType<string>();

    private LocalKey? Find(string presented)
    {
        var hash = Hash(presented);
        LocalKey? found = null;
        foreach (var (key, candidate) in _keys)
        {
            // No early exit: the time says nothing about which key, or how much of it, was right.
            found = CryptographicOperations.FixedTimeEquals(candidate, hash) ? key : found;
        }

        return found;
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
