namespace CaptureFlow.Evidence.Tests;

/// <summary>The tests that share one Azurite.</summary>
[CollectionDefinition(nameof(OnAzurite))]
public sealed class OnAzurite : ICollectionFixture<AzuriteFixture>;
