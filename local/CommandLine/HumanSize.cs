using System.Globalization;
using System.Text.RegularExpressions;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Sizes as people write them: <c>100MB</c> (decimal), <c>1GiB</c> (binary), <c>64k</c>, a bare number of bytes.</summary>
internal static partial class HumanSize
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var match = Size().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var power = match.Groups["prefix"].Value.ToUpperInvariant() switch { "K" => 1, "M" => 2, "G" => 3, "T" => 4, _ => 0 };
        decimal step = match.Groups["binary"].Success ? 1024 : 1000;
        var value = decimal.Parse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        for (var i = 0; i < power; i++)
        {
            value *= step;
        }

        if (value > long.MaxValue)
        {
            return false;
        }

        bytes = (long)value;
        return true;
    }

    /// <summary>Writes it for people: three digits, decimal units.</summary>
    public static string Say(long bytes)
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

    [GeneratedRegex(@"^(?<number>[0-9]{1,15}(?:\.[0-9]{1,6})?) ?(?:(?<prefix>[kmgt])(?<binary>i)?)?b?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Size();
}
