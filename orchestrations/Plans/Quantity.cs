using System.Globalization;

namespace CaptureFlow.Orchestrations;

/// <summary>Sizes and counts in the words that people read. Pure.</summary>
public static class Quantity
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary><c>104.9 MB</c>: one decimal and a decimal unit; below 1,000 bytes as they are.</summary>
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

    /// <summary><c>104,857,600 bytes (104.9 MB)</c>: where two sizes may be near one another.</summary>
    public static string Exact(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes") + (bytes < 1000 ? string.Empty : $" ({Of(bytes)})");

    /// <summary><c>1 packet</c>, <c>1,200 packets</c>.</summary>
    public static string Count(long count, string one) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {one}{(count == 1 ? string.Empty : "s")}");
}
