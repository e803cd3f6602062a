namespace CaptureFlow.Orchestrations;

/// <summary>
/// The store refused bytes (full, forbidden) in a call that returns no result. Repeating the call at once does not help; what was accepted
/// before stays. Whoever runs the step turns it into its <see cref="Fault"/>.
/// </summary>
public sealed class StoreRefusedException : Exception
{
    public StoreRefusedException(CaptureFault fault, Exception? inner = null)
        : base(fault.Message, inner) => Fault = fault;

    /// <summary>A <see cref="FaultCodes.StoreRefused"/> fault, with its remedy.</summary>
    public CaptureFault Fault { get; }
}
