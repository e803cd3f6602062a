using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Analysis;

/// <summary>Quantities, times and foreign text in the words of the card.</summary>
internal static class Words
{
    /// <summary>Longer names are no names.</summary>
    private const int LongestText = 120;

    public static string Count(long count, string one) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {one}{(count == 1 ? "" : one.EndsWith('s') || one.EndsWith("sh", StringComparison.Ordinal) ? "es" : "s")}");

    /// <summary>Three digits: <c>850 µs</c>, <c>12.4 ms</c>, <c>3.02 s</c>.</summary>
    public static string Time(long nanoseconds) => nanoseconds switch
    {
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:0} µs"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.00} ms"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.#} ms"),
        < 60_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 60e9:0.0} min"),
    };

    public static string Bytes(long bytes) => Quantity.Of(bytes);

    public static string Part(long part, long whole) =>
        whole == 0 ? "0 %" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.##} %");

    /// <summary>Of nanoseconds since 1970; cut to the 100 ns that .NET's clock has, and to the years that it knows.</summary>
    public static DateTimeOffset At(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    public static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>
    /// A text out of a packet, safe to show: printable ASCII, of bounded length, and without what ends a code span or a table cell of Markdown.
    /// </summary>
    public static string Safe(ReadOnlySpan<byte> text)
    {
        Span<char> safe = stackalloc char[Math.Min(text.Length, LongestText)];
        for (var i = 0; i < safe.Length; i++)
        {
            safe[i] = text[i] is > 0x20 and < 0x7f and not ((byte)'`' or (byte)'|' or (byte)'<' or (byte)'>' or (byte)'\\') ? (char)text[i] : '?';
        }

        return text.Length > LongestText ? string.Concat(safe, "…") : safe.ToString();
    }
}
