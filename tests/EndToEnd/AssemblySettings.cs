using CaptureFlow.EndToEnd.Tests.Harness;

// Captures mostly wait, so many more classes run at once than there are cores; what measures is in the collection Alone.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections, MaxThreads = 4)]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]
