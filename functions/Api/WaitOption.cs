using System.Globalization;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Api;

/// <summary><c>?wait=</c>: how long an answer may wait for a change, as seconds (<c>30</c>) or as any duration (<c>PT30S</c>).</summary>
internal static class WaitOption
{
    public const string Name = "wait";

    /// <summary>Longest wait. Proxies give up after a minute, Azure's load balancer after 230 s.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Zero when not given; or the fault.</summary>
    public static (TimeSpan Wait, CaptureFault? Fault) Read(IQueryCollection query)
    {
        if (query[Name].FirstOrDefault() is not { } text)
        {
            return (TimeSpan.Zero, null);
        }

        var read = text.Length <= 9 && text.All(char.IsAsciiDigit) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? (Valid: true, Wait: TimeSpan.FromSeconds(seconds))
            : (Valid: Quantities.TryParseDuration(text, out var duration), Wait: duration);
        return read is { Valid: true } && read.Wait <= Longest
            ? (read.Wait, null)
            : (TimeSpan.Zero, new(FaultCodes.QueryInvalid, $"'{Echo.Of(text)}' is no time to wait.", $"Write 0 to {Longest.TotalSeconds:0} seconds, e.g. wait=30.", Name));
    }
}
