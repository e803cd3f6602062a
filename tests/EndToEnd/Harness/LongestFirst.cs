using CaptureFlow.EndToEnd.Tests.Access;
using CaptureFlow.EndToEnd.Tests.Errors;
using CaptureFlow.EndToEnd.Tests.Faults;
using Xunit.Sdk;
using Xunit.v3;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>Begins with the classes that take longest, so that none of them is still running when all others have ended.</summary>
internal sealed class LongestFirst : ITestCollectionOrderer
{
    // By their measured durations.
    private static readonly Type[] Long =
    [
        typeof(FaultSuiteTests), typeof(ErrorCodeTests), typeof(NodeCaptureTests), typeof(ApprovalTests), typeof(QuotaTests), typeof(ClocksApartTests),
        typeof(RealClusterNodeTests), typeof(RealClusterFaultTests), typeof(RealClusterCaptureTests), typeof(NodeSshCaptureTests), typeof(BlobStoreTests), typeof(FleetCaptureTests), typeof(LineOfCapturesTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Place).ThenBy(it => it.TestCollectionDisplayName, StringComparer.Ordinal)];

    // A collection that nobody defined is named after its class.
    private static int Place<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var place = Array.FindIndex(Long, type => collection.TestCollectionDisplayName.Contains($"{type.FullName} ", StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
