using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Quantities in the words of the command line's output.</summary>
internal static class Wording
{
    /// <summary><c>250ms</c>, <c>10s</c>, <c>1.5s</c>, <c>5m</c>, <c>1h20m</c>.</summary>
    public static string Of(TimeSpan duration)
    {
        if (duration < TimeSpan.FromMinutes(1))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.###}s");
        }

        var hours = duration >= TimeSpan.FromHours(1) ? $"{(long)duration.TotalHours}h" : string.Empty;
        var minutes = duration.Minutes > 0 ? $"{duration.Minutes}m" : string.Empty;
        var seconds = duration.TotalSeconds % 60;
        return hours + minutes + (seconds >= 0.001 ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###}s") : string.Empty);
    }

    /// <inheritdoc cref="Quantity.Of(long)"/>
    public static string Of(long bytes) => Quantity.Of(bytes);

    /// <inheritdoc cref="Quantity.Count(long, string)"/>
    public static string Count(long count, string one) => Quantity.Count(count, one);

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
