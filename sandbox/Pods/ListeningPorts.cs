using System.Globalization;

namespace CaptureFlow.Sandbox.Pods;

/// <summary>Tells from /proc whether something listens on a TCP port in a process's network namespace: a probe that sends no packet.</summary>
internal static class ListeningPorts
{
    private const string Listening = "0A";

    internal static bool Contains(int process, int port)
    {
        var wanted = $":{port.ToString("X4", CultureInfo.InvariantCulture)}";
        foreach (var table in new[] { "tcp", "tcp6" })
        {
            try
            {
                if (File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/net/{table}"))
                    .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Any(cells => cells.Length > 3 && cells[1].EndsWith(wanted, StringComparison.Ordinal) && cells[3] == Listening))
                {
                    return true;
                }
            }
            catch (IOException)
            {
                // The process has ended, or the kernel has no such table.
            }
        }

        return false;
    }
}
