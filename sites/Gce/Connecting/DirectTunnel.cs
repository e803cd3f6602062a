namespace CaptureFlow.Sites.Gce;

/// <summary>TCP to the node's own address.</summary>
internal sealed class DirectTunnel : INodeTunnel
{
    private const int Ssh = 22;

    public Task<INodeRoute> OpenAsync(NodeInstance instance, IReadOnlyList<string> addresses, CancellationToken cancellationToken) =>
        addresses is [var first, ..]
            ? Task.FromResult<INodeRoute>(new Route(first))
            : throw new IOException($"Kubernetes tells no address of {instance.Name}.");

    private sealed record Route(string Host) : INodeRoute
    {
        public int Port => Ssh;

        public string? Trouble => null;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
