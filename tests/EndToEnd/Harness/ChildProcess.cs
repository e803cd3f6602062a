using System.Diagnostics;
using System.Threading.Channels;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>One of the project's own programs as a child process; its standard output can be awaited, and it can be killed as if by -9.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _log = [];

    private ChildProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Take(e.Data, output: true);
        process.ErrorDataReceived += (_, e) => Take(e.Data, output: false);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Starts an assembly beside the tests.</summary>
    public static ChildProcess Start(string assembly, params IEnumerable<string> arguments) =>
        Start(assembly, arguments, new Dictionary<string, string>());

    /// <summary>The same, handed to a command that becomes it.</summary>
    public static ChildProcess StartWithin(IReadOnlyList<string> command, string assembly, params IEnumerable<string> arguments) =>
        Start(command, assembly, arguments, new Dictionary<string, string>());

    /// <summary>The same with environment variables of its own.</summary>
    public static ChildProcess Start(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment) =>
        Start([], assembly, arguments, environment);

    private static ChildProcess Start(IReadOnlyList<string> command, string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var dotnet = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
        var start = new ProcessStartInfo(command is [var first, ..] ? first : dotnet)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var argument in (string[])[.. command.Skip(1), .. command.Count > 0 ? [dotnet] : (string[])[], Path.Combine(Programs.Folder, assembly + ".dll"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        // What lives for seconds gains nothing from code that is compiled a second time: less of it, and no counting for it beforehand. Nor does a
        // test gain from memory that is never writable and executable at once, which costs a quarter of the processor time.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_CallCounting"] = "0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>The first line of its output, from now on, that begins so.</summary>
    /// <exception cref="EndOfStreamException">It ended before.</exception>
    public async Task<string> LineAsync(string prefix, TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        try
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(deadline.Token);
                if (line.StartsWith(prefix, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (ChannelClosedException)
        {
            throw new EndOfStreamException($"It ended before '{prefix}' came. It wrote:\n{Log}");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"'{prefix}' did not come within {within}. It wrote:\n{Log}");
        }
    }

    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    /// <summary>Writes a line to its standard input.</summary>
    public async Task TellAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Closes its standard input and waits until it has ended.</summary>
    public async Task EndAsync()
    {
        _process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Until.Patience);
        await _process.WaitForExitAsync(deadline.Token);
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync(TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line, bool output)
    {
        if (line is null)
        {
            if (output)
            {
                _lines.Writer.TryComplete();
            }

            return;
        }

        lock (_log)
        {
            _log.Add(line);
        }

        if (output)
        {
            _lines.Writer.TryWrite(line);
        }
    }
}
