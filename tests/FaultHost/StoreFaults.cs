using CaptureFlow.Orchestrations;

namespace CaptureFlow.FaultHost;

/// <summary>What the variables make of the store.</summary>
internal static class StoreFaults
{
    public static ICaptureStore Apply(ICaptureStore store, Func<string, string?> faults) => faults("FAULTHOST_STORE") switch
    {
        null => store,
        "slow" => new FaultyStore(store, () => Task.Delay(TimeSpan.FromSeconds(2)), corrupt: false),
        "corrupting" => new FaultyStore(store, () => Task.CompletedTask, corrupt: true),
        "away" => new FaultyStore(store, AwayAtFirst(calls: 4), corrupt: false),
        "away-for-proof" => new FaultyStore(store, () => Task.CompletedTask, corrupt: false, AwayAtFirst(calls: 3)),
        var unknown => throw new ArgumentException($"FAULTHOST_STORE={unknown}"),
    };

    private static Func<Task> AwayAtFirst(int calls) =>
        () => Interlocked.Decrement(ref calls) >= 0 ? throw new StepUnavailableException("the store is away") : Task.CompletedTask;
}
