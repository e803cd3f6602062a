using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// The links of a capture. The Durable extension's own management URLs are never among them: they carry a system key, and its terminate skips
/// the revoke.
/// </summary>
internal static class CaptureLinks
{
    public static string Self(string id) => $"/api/captures/{id}";

    /// <summary>The links of a capture that waits for a second person.</summary>
    public static Dictionary<string, string> WithDecision(string id, IReadOnlyDictionary<string, string> links) =>
        new(links) { ["approve"] = Self(id) + "/approve", ["deny"] = Self(id) + "/deny" };

    /// <summary>The links with that to the alert, where one ordered the capture.</summary>
    /// <param name="id">Of what the alert ordered: of several pods, the id of all.</param>
    /// <param name="links">The others.</param>
    /// <param name="requestedBy">Who ordered it.</param>
    public static IReadOnlyDictionary<string, string> WithAlert(
        string id, IReadOnlyDictionary<string, string> links, string? requestedBy) =>
        requestedBy?.StartsWith(AlertOrder.RequesterPrefix, StringComparison.Ordinal) == true
            ? new Dictionary<string, string>(links)
            {
                ["alert"] = $"/api/alerts?binding={Uri.EscapeDataString(requestedBy[AlertOrder.RequesterPrefix.Length..])}&capture={id}",
            }
            : links;

    public static Dictionary<string, string> Of(string id, string? fileName, bool ended, bool hasManifest = false, bool hasLog = false)
    {
        var self = Self(id);
        Dictionary<string, string> links = new() { ["self"] = self };
        if (!ended)
        {
            links["stop"] = self + "/stop";
            links["cancel"] = self + "/cancel";
        }

        if (hasManifest)
        {
            links["manifest"] = self + "/manifest";
        }

        if (hasManifest || hasLog)
        {
            links["log"] = self + "/log";
        }

        if (fileName is not null)
        {
            links["file"] = $"{self}/files/{fileName}";
            links["triage"] = self + "/triage";
        }

        return links;
    }
}
