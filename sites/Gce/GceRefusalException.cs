using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Gce;

/// <summary>Google or the node said no, and what that means to a user. Never leaves the method: its edge makes it a result.</summary>
internal sealed class GceRefusalException(CaptureFault fault, bool absent = false, Exception? inner = null) : Exception(fault.Message, inner)
{
    public CaptureFault Fault { get; } = fault;

    /// <summary>True when what was asked for does not exist.</summary>
    public bool Absent { get; } = absent;
}
