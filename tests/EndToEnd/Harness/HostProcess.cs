namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>A local host as a child process on a state folder; may be told to stop for ever at a point, to be killed there.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;

    private HostProcess(ChildProcess process, Uri url)
    {
        _process = process;
        Api = new CaptureApi(url);
    }

    public CaptureApi Api { get; }

    public string Log => _process.Log;

    public static async Task<HostProcess> StartAsync(string state, string kubeconfig, string? pauseAt = null)
    {
        var process = ChildProcess.Start("captureflow-faulthost", pauseAt is null ? [state, kubeconfig] : [state, kubeconfig, pauseAt]);
        var ready = await process.LineAsync("ready ", StartWithin);
        return new HostProcess(process, new Uri(ready["ready ".Length..]));
    }

    public Task PausedAsync(string point, TimeSpan within) => _process.LineAsync($"paused {point}", within);

    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _process.DisposeAsync();
    }
}
