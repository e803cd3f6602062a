using System.Buffers;
using System.Globalization;
using System.Xml;

namespace CaptureFlow.Functions.Api;

/// <summary>Durations and sizes as people write them. Pure.</summary>
public static class Quantities
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Suffix, long Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("kB", 1_000), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1),
    ];

    /// <summary><c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c>, or ISO 8601 (<c>PT30S</c>). Whole or decimal; never negative.</summary>
    public static bool TryParseDuration(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrEmpty(text) || text.Length > 32)
        {
            return false;
        }

        if (text[0] == 'P')
        {
            return TryParseIso(text, out duration);
        }

        var (number, ticks) = text switch
        {
            [.. var n, 'm', 's'] => (n, TimeSpan.TicksPerMillisecond),
            [.. var n, 's'] => (n, TimeSpan.TicksPerSecond),
            [.. var n, 'm'] => (n, TimeSpan.TicksPerMinute),
            [.. var n, 'h'] => (n, TimeSpan.TicksPerHour),
            _ => ("", 0L),
        };
        if (!TryParseNumber(number, out var value) || value > TimeSpan.TicksPerDay * 7m / ticks)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)(value * ticks));
        return true;
    }

    /// <summary>Plain bytes (<c>1048576</c>), or with <c>kB MB GB</c> (powers of 1000) or <c>KiB MiB GiB</c> (powers of 1024).</summary>
    public static bool TryParseSize(string? text, out long bytes)
    {
        bytes = 0;
        if (string.IsNullOrEmpty(text) || text.Length > 32)
        {
            return false;
        }

        var (suffix, factor) = Array.Find(Units, unit => text.EndsWith(unit.Suffix, StringComparison.Ordinal));
        var number = suffix is null ? text : text[..^suffix.Length];
        if (!TryParseNumber(number.TrimEnd(' '), out var value) || value > (1L << 50) / Math.Max(factor, 1))
        {
            return false;
        }

        bytes = (long)(value * Math.Max(factor, 1));
        return true;
    }

    private static bool TryParseIso(string text, out TimeSpan duration)
    {
        try
        {
            duration = XmlConvert.ToTimeSpan(text);
            return duration >= TimeSpan.Zero;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            duration = TimeSpan.Zero;
            return false;
        }
    }

    // Decimal, so that 8.081s is 8081 ms and not a tick less. The parser itself would let NULs behind the number pass.
    private static bool TryParseNumber(ReadOnlySpan<char> text, out decimal value)
    {
        value = 0;
        return text.IndexOfAnyExcept(Digits) < 0 && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
    }
}
