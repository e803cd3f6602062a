using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Says at start, as a warning, which way to take packets this build has not; an order for it is refused as <c>method-missing</c>.</summary>
internal sealed partial class MissingMethods(IEnumerable<IProcessMethod> methods, ILogger<MissingMethods> logger) : IHostedService
{
    public const string GkeOverSsh =
        "This build has no captures over SSH on GKE (node-ssh): it was published from a package feed that lacks Google.Cloud.Compute.V1.";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!methods.Any(method => method.Name == CaptureMethods.NodeSsh))
        {
            LogMissing(GkeOverSsh);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 280, Level = LogLevel.Warning, Message = "{What}")]
    private partial void LogMissing(string what);
}
