using System.Diagnostics;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>Waits on what can be observed.</summary>
internal static class Until
{
    /// <summary>Longer than anything takes that comes at all, also where both cores are busy with something else.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    /// <summary>Looks until the look finds something, or fails with what was awaited.</summary>
    public static async Task<T> FoundAsync<T>(string what, TimeSpan within, Func<Task<T?>> look)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        var interval = Shortest;
        while (watch.Elapsed < within)
        {
            if (await look() is { } found)
            {
                return found;
            }

            // What takes long is not asked for all the time: the machine is busy with it.
            await Task.Delay(interval);
            interval = TimeSpan.FromTicks(Math.Min(interval.Ticks * 5 / 4, Longest.Ticks));
        }

        throw new TimeoutException($"Not within {within.TotalSeconds:0.#} s: {what}");
    }
}
