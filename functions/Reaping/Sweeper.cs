using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Reaping;

/// <summary>Takes back what is past its expiry, from what the clusters themselves say, and tells logs and metrics of it.</summary>
public sealed partial class Sweeper(ICaptureSite site, SweepTelemetry telemetry, ILogger<Sweeper> logger)
{
    /// <param name="late">Whether it should have come earlier; for the log.</param>
    /// <param name="cancellationToken">Ends it; what was taken back by then is.</param>
    internal async Task<SweepReport> SweepAsync(bool late, CancellationToken cancellationToken)
    {
        var report = await site.SweepAsync(cancellationToken);
        telemetry.Swept(report);
        Log.Swept(logger, report.Live.Count, report.OldestLiveGrantSeconds, report.Findings.Count, report.Clusters.Count, late);
        foreach (var finding in report.Findings)
        {
            Log.Found(logger, finding.Kind, finding.Namespace, finding.Name, finding.CaptureId, finding.ExpiredAt, finding.Outcome, finding.Cluster, finding.Detail);
        }

        foreach (var fault in report.Faults)
        {
            Log.NotSwept(logger, fault.Code, fault.Message, fault.Detail, fault.Remedy);
        }

        return report;
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Information, "Sweep: {LiveGrants} live grants, oldest_live_grant_seconds={OldestLiveGrantSeconds}, {Findings} past their expiry, in {Clusters} clusters; late={Late}")]
        public static partial void Swept(ILogger logger, int liveGrants, double oldestLiveGrantSeconds, int findings, int clusters, bool late);

        [LoggerMessage(3002, LogLevel.Warning, "Sweep found {Kind} {Namespace}/{Name} of capture {CaptureId}, in cluster {Cluster}, expired at {ExpiredAt}: {Outcome} {Detail}")]
        public static partial void Found(
            ILogger logger, string kind, string @namespace, string name, string captureId, DateTimeOffset expiredAt, SweepOutcome outcome, string cluster, string? detail);

        [LoggerMessage(3003, LogLevel.Warning, "Sweep could not look everywhere: {Code} {Message} {Detail} {Remedy}")]
        public static partial void NotSwept(ILogger logger, string code, string message, string? detail, string remedy);
    }
}
