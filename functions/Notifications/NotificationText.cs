using System.Text.Json;
using CaptureFlow.Functions.Captures;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Notifications;

/// <summary>The words of a message, the same for every kind of receiver.</summary>
internal static class NotificationText
{
    public static string Word(CaptureState state) => JsonSerializer.SerializeToElement(state, CaptureJson.Options).GetString()!;

    public static string Title(CaptureEnding ending) =>
        $"{(ending.Fleet ? "Fleet" : "Capture")} of {ending.Target} {Phrase(ending.State)}{(ending.Verdict is { } verdict ? $": {verdict}" : "")}";

    /// <summary>Name and value, most telling first.</summary>
    public static IReadOnlyList<(string Name, string Value)> Facts(CaptureEnding ending)
    {
        List<(string, string)> facts =
        [
            ("Capture", ending.CaptureId),
            ("Rights", ending.RevocationProven switch { true => "proven gone", false => "NOT proven gone; the reaper goes on", null => "none were made" }),
        ];
        if (ending is { Packets: { } packets, Bytes: { } bytes })
        {
            facts.Add(("Evidence", $"{Quantity.Count(packets, "packet")}, {Quantity.Of(bytes)}"));
        }

        if (ending.Triage is { } triage)
        {
            facts.Add(("Shows", triage.Summary));
            facts.Add(("Findings", $"{Quantity.Count(triage.Errors, "error")}, {Quantity.Count(triage.Warnings, "warning")}, {Quantity.Count(triage.Notes, "note")}"));
        }

        if (ending.FaultCode is not null)
        {
            facts.Add(("Fault", $"{ending.FaultCode}: {ending.FaultMessage}"));
        }

        facts.Add(("Requested by", ending.RequestedBy ?? "unknown"));
        if (ending.Reason is { } reason)
        {
            facts.Add(("Reason", reason));
        }

        return facts;
    }

    /// <summary>The addresses of status, manifest and triage card; empty without a public URL.</summary>
    public static Dictionary<string, string> Links(CaptureEnding ending, string? publicUrl)
    {
        Dictionary<string, string> links = [];
        if (publicUrl?.TrimEnd('/') is { } root)
        {
            links["status"] = root + CaptureLinks.Self(ending.CaptureId);
            if (ending.HasManifest)
            {
                links["manifest"] = $"{root}{CaptureLinks.Self(ending.CaptureId)}/manifest";
            }

            if (ending.Triage is not null)
            {
                links["triage"] = $"{root}{CaptureLinks.Self(ending.CaptureId)}/triage";
            }
        }

        return links;
    }


    private static string Phrase(CaptureState state) => state switch
    {
        CaptureState.Completed => "completed",
        CaptureState.Refused => "was refused",
        CaptureState.Denied => "was denied",
        CaptureState.Expired => "expired without an approval",
        CaptureState.Cancelled => "was cancelled",
        CaptureState.NotDiscarded => "was cancelled, and what it had fetched is NOT discarded yet",
        CaptureState.RevokeUnproven => "ended with its rights NOT proven gone",
        CaptureState.Failed => "failed",
        CaptureState.Planning or CaptureState.AwaitingApproval or CaptureState.Queued or CaptureState.Granting or CaptureState.Attaching or CaptureState.Capturing
            or CaptureState.Finishing or CaptureState.Retrieving or CaptureState.Storing or CaptureState.Cancelling or CaptureState.Revoking => "has not ended",
    };
}
