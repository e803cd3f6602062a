using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Telemetry;

/// <summary>Counts what a sweep saw, and notes each find in the trace of the capture that left it.</summary>
public sealed class SweepTelemetry(CaptureInstruments instruments)
{
    public void Swept(SweepReport report)
    {
        instruments.Swept(report);
        foreach (var finding in report.Findings)
        {
            CaptureTrace.Orphan(finding);
        }
    }
}
