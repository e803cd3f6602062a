using System.Reflection;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>What is wrong with the evidence store at the moment.</summary>
internal sealed class Outage
{
    public static StoreRefusedException Refuses => new(new CaptureFault(FaultCodes.StoreRefused, "The store refuses.", "Ask its owner."));

    public static StepUnavailableException Away => new("The store is away.");

    /// <summary>Thrown by every call; null when all is well.</summary>
    public Exception? Thrown { get; set; }

    /// <summary>Thrown where a triage card is to be kept; null when all is well.</summary>
    public Exception? OfCards { get; set; }

    /// <summary>Thrown where what was fetched is to be discarded; null when all is well.</summary>
    public Exception? OfDiscards { get; set; }

    /// <summary>Given out for every file; null where the store has no links.</summary>
    public Uri? Link { get; set; }
}

/// <summary>Passes every call of a port on, unless there is an outage.</summary>
public class OutageProxy<T> : DispatchProxy
    where T : class
{
    private T _inner = null!;
    private Outage _outage = null!;

    internal static T Around(T inner, Outage outage)
    {
        var port = Create<T, OutageProxy<T>>();
        var proxy = (OutageProxy<T>)(object)port;
        (proxy._inner, proxy._outage) = (inner, outage);
        return port;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => (_outage, targetMethod!.Name) switch
    {
        ({ Thrown: { } thrown }, _) => throw thrown,
        ({ OfCards: { } thrown }, nameof(ICaptureStore.TryAddDerivedAsync)) => throw thrown,
        ({ OfDiscards: { } thrown }, nameof(ICaptureStore.EnsureDiscardedAsync)) => throw thrown,
        ({ Link: { } link }, nameof(IEvidenceLinks.TryLinkAsync)) => Task.FromResult<Uri?>(link),
        _ => targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null),
    };
}
