using CaptureFlow.Sandbox.Tests;

[assembly: AssemblyFixture(typeof(ClusterFixture))]

namespace CaptureFlow.Sandbox.Tests;

/// <summary>One cluster with the shop for all tests of this assembly; null where the machine cannot hold one.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private SandboxCluster? _cluster;

    public SandboxCluster Cluster => _cluster ?? throw new InvalidOperationException("The test did not ask for the cluster's requirements.");

    /// <summary>Skips the calling test, with the reason, on a machine without root or tools.</summary>
    public static void RequireMachine()
    {
        Needs.Root();
        Needs.Packages("util-linux", "iproute2", "mount");
        Assert.Null(Requirements.Fault());
    }

    public async ValueTask InitializeAsync()
    {
        if (Requirements.Fault() is null)
        {
            _cluster = await SandboxCluster.StartAsync(new SandboxOptions(), TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
