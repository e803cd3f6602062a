using Microsoft.Extensions.Hosting;

namespace CaptureFlow.Local.Hosting;

/// <summary>Leaves signals alone: the command line decides what Ctrl-C means, and often it means "revoke first".</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
