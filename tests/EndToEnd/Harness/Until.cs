using System.Diagnostics;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>Waits on what can be observed.</summary>
internal static class Until
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>Looks until the look finds something, or fails with what was awaited.</summary>
    public static async Task<T> FoundAsync<T>(string what, TimeSpan within, Func<Task<T?>> look)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < within)
        {
            if (await look() is { } found)
            {
                return found;
            }

            await Task.Delay(Interval);
        }

        throw new TimeoutException($"Not within {within.TotalSeconds:0.#} s: {what}");
    }
}
