using System.Collections.Concurrent;
using System.Diagnostics;
using CaptureFlow.Functions.Telemetry;

namespace CaptureFlow.Functions.Tests.Telemetry;

/// <summary>Keeps the ended spans of every capture; a test looks for those of its own.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public SpanRecorder()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == CaptureInstruments.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<Activity> Of(string captureId) => [.. _ended.Where(span => span.GetTagItem(CaptureTrace.CaptureId) is string id && id == captureId)];

    public void Dispose() => _listener.Dispose();
}
