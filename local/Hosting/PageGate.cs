using System.Net;
using CaptureFlow.Functions.Access;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Local.Hosting;

/// <summary>
/// Turns away what a web page open on this machine could send, where callers are let in that show no key. Who may do what is the app's own business
/// (<see cref="AccessGate"/>).
/// </summary>
internal sealed class PageGate(ApiKeys keys, bool anybody)
{
    /// <exception cref="HostRefusedException">Others can reach the address, and nothing protects it.</exception>
    public static PageGate Of(AccessOptions access, Uri url)
    {
        var keys = ApiKeys.Of(access);
        var anybody = !access.Anonymous.Equals("none", StringComparison.OrdinalIgnoreCase);
        if (!url.IsLoopback && keys.IsEmpty)
        {
            throw new HostRefusedException(
                $"{url.GetLeftPart(UriPartial.Authority)} can be reached from other machines, and no key protects it.",
                $"Listen on http://127.0.0.1:{url.Port}, or set a key, e.g. {ApiKeys.LocalSection.Replace(":", "__", StringComparison.Ordinal)}__0=$(openssl rand -base64 24).");
        }

        return !url.IsLoopback && anybody
            ? throw new HostRefusedException(
                $"{url.GetLeftPart(UriPartial.Authority)} can be reached from other machines, and {AccessOptions.Section}:{nameof(AccessOptions.Anonymous)} lets anybody in.",
                $"Set {AccessOptions.Section}:{nameof(AccessOptions.Anonymous)} to none, or listen on http://127.0.0.1:{url.Port}.")
            : new(keys, anybody);
    }

    /// <summary>Null when the request may pass; else why not.</summary>
    public CaptureFault? Refusal(HttpRequest request) => anybody && FromAnotherSite(request) && keys.Find(request) is null
        ? new(
            FaultCodes.PageRefused,
            "Without keys, this host answers programs on this machine only, not web pages.",
            "Ask it by 127.0.0.1 or localhost, without the header Origin; or give it a key and send that.")
        : null;

    /// <summary>A page's script sends an Origin; a page whose name was pointed at loopback sends that name as Host.</summary>
    private static bool FromAnotherSite(HttpRequest request)
    {
        var host = request.Host.Host.Trim('[', ']');
        var loopback = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        return !loopback || request.Headers.ContainsKey("Origin");
    }
}
