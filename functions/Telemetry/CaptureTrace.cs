using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Telemetry;

/// <summary>
/// One trace per capture. Its id is derived from the capture's, so that every step finds it by itself, on whatever instance and after whatever
/// crash: <c>printf %s CAPTURE_ID | sha256sum | cut -c1-32</c>. The steps are siblings below a parent that is never sent. The platform's own
/// trace of the invocation is linked, not continued: it starts anew with every request, and replays are a part of it.
/// </summary>
public static class CaptureTrace
{
    public const string CaptureId = "captureflow.capture.id";
    public const string Outcome = "captureflow.outcome";
    public const string Fault = "captureflow.fault";
    public const string Verdict = "captureflow.verdict";
    public const string Kind = "captureflow.orphan.kind";

    private static readonly ActivitySource Source = new(CaptureInstruments.Name);

    /// <summary>The trace of a capture, and the parent of its steps.</summary>
    public static ActivityContext ContextOf(string captureId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(captureId), hash);
        return new(ActivityTraceId.CreateFromBytes(hash[..16]), ActivitySpanId.CreateFromBytes(hash[16..24]), ActivityTraceFlags.Recorded, isRemote: true);
    }

    /// <summary>Starts a span of a capture's trace; null when nobody listens.</summary>
    internal static Activity? Start(string name, string captureId, DateTimeOffset startedAt = default)
    {
        ActivityLink[] links = Activity.Current is { } caller ? [new(caller.Context)] : [];
        return Source.StartActivity(name, ActivityKind.Internal, ContextOf(captureId), [new(CaptureId, captureId)], links, startedAt);
    }

    /// <summary>The window, which is no activity function: told by the first step that knows its end.</summary>
    internal static void Window(string captureId, StepRecord window)
    {
        using var activity = Start(CaptureSteps.CaptureWindow, captureId, window.StartedAt);
        activity?.SetTag(Outcome, StepOutcomes.Done);
        if (window.EndedAt is { } end)
        {
            activity?.SetEndTime(end.UtcDateTime);
        }
    }

    /// <summary>What the reaper found of a capture, in that capture's trace.</summary>
    internal static void Orphan(SweepFinding finding)
    {
        using var activity = Start("Orphan", finding.CaptureId);
        activity?.SetTag(Kind, finding.Kind);
        activity?.SetTag(Outcome, finding.Outcome.ToString());
    }
}
