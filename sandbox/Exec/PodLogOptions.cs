using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sandbox.Exec;

/// <summary>What part of a log is asked for.</summary>
/// <remarks>
/// <c>TailLines</c>: Null: from the beginning.
/// <c>LimitBytes</c>: Null: no limit.
/// </remarks>
internal sealed record PodLogOptions(long? TailLines, long? LimitBytes, bool Follow)
{
    internal static PodLogOptions Of(IQueryCollection query) =>
        new(Number(query["tailLines"]), Number(query["limitBytes"]), query["follow"] == "true");

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
