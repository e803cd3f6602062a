namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>A local host as a child process; may be told to stop at a point, to be killed there or to go on later.</summary>
internal sealed class HostProcess : TestHost
{
    private readonly ChildProcess _process;

    private HostProcess(ChildProcess process, Uri url)
        : base(url) => _process = process;

    public int ProcessId => _process.Id;

    public override string Log => _process.Log;

    public static Task<HostProcess> StartAsync(string state, string kubeconfig, string? pauseAt = null) =>
        StartAsync(state, kubeconfig, pauseAt, new Dictionary<string, string>());

    /// <summary>The same with configuration in environment variables, e.g. <c>CaptureFlow__Tap__Image</c>.</summary>
    public static async Task<HostProcess> StartAsync(
        string state, string kubeconfig, string? pauseAt, IReadOnlyDictionary<string, string> environment)
    {
        var process = ChildProcess.Start("captureflow-faulthost", pauseAt is null ? [state, kubeconfig] : [state, kubeconfig, pauseAt], environment);
        try
        {
            var ready = await process.LineAsync("ready ", Until.Patience);
            return new HostProcess(process, new Uri(ready["ready ".Length..]));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public Task PausedAsync(string point, TimeSpan within) => _process.LineAsync($"paused {point}", within);

    /// <summary>Lets a paused host go on.</summary>
    public Task GoOnAsync() => _process.TellAsync("go on");

    public Task KillAsync() => _process.KillAsync();

    /// <summary>Waits until it has ended by itself.</summary>
    public Task ExitAsync(TimeSpan within) => _process.ExitAsync(within);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _process.DisposeAsync();
    }
}
