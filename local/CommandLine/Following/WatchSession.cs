using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Watches one capture of a server elsewhere, and prints how it ended or how to go on.</summary>
internal sealed class WatchSession(ICaptureApi api, Uri server, Terminal terminal, TimeProvider time, TimeSpan pollInterval)
{
    public static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    public async Task<int> RunAsync(string id, bool json, Interrupts interrupts)
    {
        var (outcome, code) = await WatchAsync(id, json, interrupts);
        if (outcome is { Abandoned: false, Status: { } status })
        {
            await PrintAsync(status, json, interrupts.Now);
        }

        return code;
    }

    /// <summary>Watches in lines.</summary>
    /// <returns>The exit code, and how it ended; null where that was not seen.</returns>
    public async Task<(int Code, CaptureState? End)> WaitAsync(string id, Interrupts interrupts)
    {
        var (outcome, code) = await WatchAsync(id, json: false, interrupts);
        if (outcome is not { Abandoned: false, Status: { } status })
        {
            return (code, null);
        }

        await PrintAsync(status, json: false, interrupts.Now);
        return (code, status.Status);
    }

    /// <summary>As the last line that whoever does not wait reads.</summary>
    public static string ToFollow(string id, Uri server) => $"To follow it: captureflow watch {id} --server {server}";

    private async Task<(CaptureOutcome Outcome, int Code)> WatchAsync(string id, bool json, Interrupts interrupts)
    {
        var view = terminal.View(json, time, ordered: false);
        CaptureWatcher watcher = new(api, view, time, pollInterval);
        var outcome = await view.WhileAsync(() => watcher.RunAsync(id, interrupts.End));
        if (!outcome.Abandoned)
        {
            return (outcome, outcome.ExitCode);
        }

        var code = outcome.Problem is { } problem ? await ProblemText.WriteAsync(problem, terminal.Error)
            : interrupts.End.IsCancellationRequested ? ExitCodes.Cancelled
            : ExitCodes.HostUnavailable;
        if (outcome.Status is { } last)
        {
            await terminal.Error.WriteLineAsync(
                $"Stopped watching; the capture goes on (last seen: {CaptureWords.Of(last.Status)}). {ToFollow(id, server)}");
        }

        return (outcome, code);
    }

    private async Task PrintAsync(CaptureStatus status, bool json, CancellationToken cancellationToken)
    {
        if (!json)
        {
            await ShowText.WriteEndAsync(api, status, server, terminal.Output, cancellationToken);
            return;
        }

        // The document of the end, which is what the API has from now on.
        if ((await api.ShowAsync(status.Id, cancellationToken)).Value is { } shown)
        {
            await terminal.Output.WriteLineAsync(ShownCapture.Printable(shown.Document));
            await terminal.Output.FlushAsync(CancellationToken.None);
        }
    }
}
