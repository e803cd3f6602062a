namespace CaptureFlow.Sandbox.Faults;

/// <summary>Counts the payload bytes of one response towards the point at which the connection is to be cut.</summary>
internal sealed class StreamCut(long after)
{
    private long _left = after;

    internal bool IsReached => Interlocked.Read(ref _left) <= 0;

    /// <summary>How many of the next bytes still pass.</summary>
    internal int Take(int wanted)
    {
        var passed = (int)Math.Clamp(Interlocked.Read(ref _left), 0, wanted);
        Interlocked.Add(ref _left, -passed);
        return passed;
    }
}
