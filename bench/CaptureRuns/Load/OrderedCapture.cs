using System.Text.Json.Nodes;

namespace CaptureFlow.CaptureRuns;

/// <summary>One capture of a load.</summary>
internal sealed class OrderedCapture(string id)
{
    private static readonly string[] Ends = ["completed", "refused", "denied", "expired", "cancelled", "failed", "revokeUnproven", "notDiscarded"];

    public string Id => id;

    /// <summary>Its status document, as it was last looked at.</summary>
    public JsonNode? Seen { get; set; }

    public string Status => Seen?["status"]?.GetValue<string>() ?? "ordered";

    public bool Ended => Ends.Contains(Status);

    /// <summary>Completed with everything in the file, and the rights proven gone.</summary>
    public bool Whole => Status == "completed" && Seen!["verdict"]?.GetValue<string>() == "Complete" && Seen["revocation"]?["proven"]?.GetValue<bool>() == true;

    public int? Place => Status == "queued" ? Seen!["progress"]?["queue"]?["place"]?.GetValue<int>() : null;

    public DateTimeOffset OrderedAt => Time(Seen!["createdAt"])!.Value;

    /// <summary>When it stood in line.</summary>
    public DateTimeOffset? AskedAt => Time(Step("AwaitAdmission")?["startedAt"]);

    /// <summary>When it was let in; null when it never was.</summary>
    public DateTimeOffset? LetInAt => Step("GrantPermission") is null ? null : Time(Step("AwaitAdmission")?["endedAt"]);

    public DateTimeOffset? ListeningAt => Time(Seen!["progress"]?["windowStartedAt"]);

    public DateTimeOffset EndedAt => Timeline.Select(step => Time(step!["endedAt"])).Max() ?? Time(Seen!["updatedAt"])!.Value;

    private JsonArray Timeline => Seen?["progress"]?["timeline"]?.AsArray() ?? [];

    private JsonNode? Step(string name) => Timeline.FirstOrDefault(step => step!["step"]!.GetValue<string>() == name);

    private static DateTimeOffset? Time(JsonNode? node) => node?.GetValue<DateTimeOffset>();
}
