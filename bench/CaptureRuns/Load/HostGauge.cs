using System.Diagnostics;
using System.Globalization;

namespace CaptureFlow.CaptureRuns;

/// <summary>What a process holds, as the kernel tells it.</summary>
internal sealed class HostGauge(int process)
{
    public Holding Read()
    {
        var status = File.ReadLines($"/proc/{process}/status").Select(line => line.Split(':', 2)).ToDictionary(parts => parts[0], parts => parts[1].Trim());
        using var seen = Process.GetProcessById(process);
        return new(
            Number(status["Threads"]),
            Number(status["VmRSS"]) * 1024 / 1e6,
            Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count(),
            seen.TotalProcessorTime);
    }

    /// <summary>The machine's load average of the last minute: this run's own, and whatever else goes on.</summary>
    public static double MachineLoad() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    private static long Number(string text) => long.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture);
}

/// <summary>What a process holds at a moment.</summary>
/// <param name="Threads">Of the runtime and of the pool.</param>
/// <param name="Megabytes">Resident, 10^6 bytes.</param>
/// <param name="Handles">Open file descriptors, sockets included.</param>
/// <param name="Processor">Used since its start.</param>
internal sealed record Holding(long Threads, double Megabytes, int Handles, TimeSpan Processor);
