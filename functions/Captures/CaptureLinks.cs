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

    public static Dictionary<string, string> Of(string id, string? fileName, bool ended, bool hasManifest = false)
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
