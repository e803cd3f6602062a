namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>
/// The tests on a real cluster share it: one restarts its API server, one adds and removes rights that another compares, and several measure how
/// soon something happens. So they run one after the other.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneRealCluster
{
    public const string Name = "One real cluster";
}
