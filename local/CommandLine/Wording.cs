using System.Globalization;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Quantities in the words of the command line's output.</summary>
internal static class Wording
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

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

    /// <summary>Three digits and a decimal unit; bytes as they are.</summary>
    public static string Of(long bytes)
    {
        double value = bytes;
        var unit = 0;
        while (value >= 999.95 && unit < Units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return unit == 0 ? $"{bytes} B" : string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {Units[unit]}");
    }

    public static string Count(long count, string one) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {one}{(count == 1 ? string.Empty : "s")}");

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
