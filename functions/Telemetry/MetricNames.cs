namespace CaptureFlow.Functions.Telemetry;

/// <summary>The instruments' names. Alert rules and the workbook ask for them: a changed name is a changed contract.</summary>
public static class MetricNames
{
    public const string CapturesStarted = "captureflow.captures.started";
    public const string CapturesFinished = "captureflow.captures.finished";
    public const string StepDuration = "captureflow.step.duration";
    public const string BytesStored = "captureflow.bytes.stored";
    public const string PacketsDropped = "captureflow.packets.dropped";
    public const string RevocationsUnproven = "captureflow.revocations.unproven";
    public const string LiveGrants = "captureflow.live_grants";
    public const string OldestLiveGrant = "captureflow.oldest_live_grant_seconds";
    /// <summary>Captures whose proof is owed still; beside <see cref="RevocationsUnproven"/>, which counts them as they end.</summary>
    public const string OwedProofs = "captureflow.revocations.owed";
    public const string OldestOwedProof = "captureflow.oldest_owed_revocation_seconds";
    public const string StuckCaptures = "captureflow.captures.stuck";
    public const string OrphansFound = "captureflow.orphans.found";
}
