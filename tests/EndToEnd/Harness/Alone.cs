namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>
/// The tests that measure: how soon something happens, at what pace requests pass, how many packets a full buffer loses. Other captures on the same
/// cores would be part of the measurement, so these run one after the other when everything else has ended.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone : ICollectionFixture<SandboxFixture>
{
    public const string Name = "Alone";
}
