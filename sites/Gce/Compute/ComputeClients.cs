using Google.Cloud.Compute.V1;

namespace CaptureFlow.Sites.Gce;

/// <summary>Google's own clients, made when they are first used: a host that captures on no node needs no credentials of Google.</summary>
internal sealed class ComputeClients(Func<CancellationToken, Task<InstancesClient>> instances, Func<CancellationToken, Task<ProjectsClient>> projects) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private InstancesClient? _instances;
    private ProjectsClient? _projects;

    public async Task<InstancesClient> InstancesAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return _instances ??= await instances(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task<ProjectsClient> ProjectsAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return _projects ??= await projects(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
