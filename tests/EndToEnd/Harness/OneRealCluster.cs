namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>
/// Most tests on a real cluster run side by side, each class in a namespace of its own. Not so those that the whole cluster feels: one restarts its
/// API server, one compares all rights that there are, and one moves a gigabyte. They run one after the other, when everything else has ended.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneRealCluster
{
    public const string Name = "One real cluster";
}
