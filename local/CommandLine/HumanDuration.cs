using System.Globalization;
using System.Text.RegularExpressions;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Durations as people write them: <c>30s</c>, <c>1m30s</c>, <c>250ms</c>, <c>1h</c>; a bare number is seconds.</summary>
internal static partial class HumanDuration
{
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (Bare().Match(text) is { Success: true } bare)
        {
            return TryAdd(bare.Value, "s", ref duration);
        }

        var match = Parts().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var numbers = match.Groups["number"].Captures;
        var units = match.Groups["unit"].Captures;
        for (var i = 0; i < numbers.Count; i++)
        {
            if (!TryAdd(numbers[i].Value, units[i].Value, ref duration))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes it so that <see cref="TryParse"/> reads the same milliseconds.</summary>
    public static string Say(TimeSpan duration)
    {
        if (duration < TimeSpan.FromMinutes(1))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.###}s");
        }

        var hours = duration >= TimeSpan.FromHours(1) ? $"{(long)duration.TotalHours}h" : string.Empty;
        var minutes = duration.Minutes > 0 ? $"{duration.Minutes}m" : string.Empty;
        var rest = duration - TimeSpan.FromMinutes((long)duration.TotalMinutes);
        var seconds = rest > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{rest.TotalSeconds:0.###}s") : string.Empty;
        return hours + minutes + seconds;
    }

    private static bool TryAdd(string number, string unit, ref TimeSpan duration)
    {
        var milliseconds = decimal.Parse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * unit switch { "ms" => 1, "s" => 1_000, "m" => 60_000, _ => 3_600_000 };
        if (milliseconds > (decimal)TimeSpan.FromDays(365).TotalMilliseconds)
        {
            return false;
        }

        duration += TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond));
        return true;
    }

    [GeneratedRegex(@"^[0-9]{1,9}(\.[0-9]{1,6})?$", RegexOptions.CultureInvariant)]
    private static partial Regex Bare();

    [GeneratedRegex(@"^(?:(?<number>[0-9]{1,9}(?:\.[0-9]{1,6})?)(?<unit>ms|s|m|h))+$", RegexOptions.CultureInvariant)]
    private static partial Regex Parts();
}
