using System.Diagnostics;
using System.Globalization;

namespace CaptureFlow.Sandbox.Node;

/// <summary>
/// Starts processes with all three streams piped, a stated environment and a session of their own, so that a terminal's Ctrl-C,
/// which goes to the whole foreground group, does not reach the pods.
/// </summary>
internal static class Spawn
{
    internal const string SystemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    internal static Process Start(IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        foreach (var word in command)
        {
            start.ArgumentList.Add(word);
        }

        start.Environment.Clear();
        start.Environment["PATH"] = SystemPath;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");

        // Streams are raw bytes here; the text readers that Process made must not read ahead.
        process.StandardInput.AutoFlush = true;
        return process;
    }

    /// <summary>The namespaces to enter, as arguments for nsenter.</summary>
    internal static string Namespace(string kind, int process) =>
        string.Create(CultureInfo.InvariantCulture, $"--{kind}=/proc/{process}/ns/{(kind == "mount" ? "mnt" : kind)}");

    /// <summary>Runs a short command to its end; throws with its error text when it fails or takes longer than thirty seconds.</summary>
    internal static async Task RunAsync(IEnumerable<string> command, string input, CancellationToken cancellation)
    {
        using var process = Start(command);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
        process.StandardInput.Close();
        var faults = process.StandardError.ReadToEndAsync(limit.Token);
        await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} failed: {(await faults).Trim()}");
        }
    }

    /// <summary>The only child of a process; 0 when it has none.</summary>
    internal static int ChildOf(int process)
    {
        try
        {
            var id = process.ToString(CultureInfo.InvariantCulture);
            var children = File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return children.Length == 0 ? 0 : int.Parse(children[0], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
