namespace CaptureFlow.Analysis;

/// <summary>Sequence numbers wrap: what is after what is decided by the shorter way round.</summary>
internal static class TcpSequence
{
    public static bool IsAfter(uint one, uint other) => (int)(one - other) > 0;

    public static bool IsBefore(uint one, uint other) => (int)(one - other) < 0;
}
