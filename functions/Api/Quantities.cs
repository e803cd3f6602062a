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
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000),
    ];

    private static readonly (string Suffix, long Ticks)[] Times =
        [("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond)];

    /// <summary>
    /// <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c>, several of them from the largest down as Kubernetes writes them (<c>1m30s</c>), or ISO 8601
    /// (<c>PT30S</c>). Whole or decimal; never negative.
    /// </summary>
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

        var (total, next) = (0m, 0);
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            var letters = digits < 0 ? -1 : rest[digits..].IndexOfAny(Digits);
            var unit = digits < 0 ? default : letters < 0 ? rest[digits..] : rest.Slice(digits, letters);
            var at = IndexOf(unit, next);
            if (at < 0 || !TryParseNumber(rest[..digits], out var value) || value > TimeSpan.TicksPerDay * 7m / Times[at].Ticks)
            {
                return false;
            }

            total += value * Times[at].Ticks;
            next = at + 1;
            rest = rest[(digits + unit.Length)..];
        }

        duration = TimeSpan.FromTicks((long)total);
        return total <= TimeSpan.TicksPerDay * 7m;
    }

    private static int IndexOf(ReadOnlySpan<char> unit, int from)
    {
        for (var i = from; i < Times.Length; i++)
        {
            if (unit.SequenceEqual(Times[i].Suffix))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Plain bytes (<c>1048576</c>), or with <c>kB MB GB</c> (powers of 1000) or <c>KiB MiB GiB</c> (powers of 1024); the <c>B</c> may be left out, as in Kubernetes.</summary>
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
