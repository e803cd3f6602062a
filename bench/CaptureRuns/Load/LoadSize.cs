using System.Globalization;

namespace CaptureFlow.CaptureRuns;

/// <summary>How heavy the load is.</summary>
internal sealed record LoadSize
{
    public const string Usage = "load [--at-once N] [--waiting N] [--pods N] [--window SECONDS] [--minutes MINUTES]";

    /// <summary>Captures that the quota lets in at the same time.</summary>
    /// <value>50.</value>
    public int AtOnce { get; private init; } = 50;

    /// <summary>Captures behind them; 1,000 is the longest line.</summary>
    /// <value>1,000.</value>
    public int Waiting { get; private init; } = 1_000;

    /// <summary>Pods that the orders are dealt out to in turn.</summary>
    /// <value>50.</value>
    public int Pods { get; private init; } = 50;

    /// <summary>Seconds of each capture's window: long enough for all that are let in to listen at the same time.</summary>
    /// <value>15 s.</value>
    public int Window { get; private init; } = 15;

    /// <summary>After so many minutes, what still waits in line is cancelled, and counted.</summary>
    /// <value>30 min.</value>
    public int Minutes { get; private init; } = 30;

    public int Total => AtOnce + Waiting;

    /// <returns>Null when the arguments are none of <see cref="Usage"/>.</returns>
    public static LoadSize? Parse(IReadOnlyList<string> arguments)
    {
        LoadSize size = new();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count || !int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            {
                return null;
            }

            LoadSize? next = arguments[i] switch
            {
                "--at-once" => size with { AtOnce = number },
                "--waiting" => size with { Waiting = number },
                "--pods" => size with { Pods = number },
                "--window" => size with { Window = number },
                "--minutes" => size with { Minutes = number },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            size = next;
        }

        return size;
    }
}
