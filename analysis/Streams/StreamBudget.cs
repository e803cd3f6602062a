namespace CaptureFlow.Analysis;

/// <summary>The bytes that all streams together may keep, so that a file of many half-sent messages takes no more memory than one.</summary>
internal sealed class StreamBudget(long bytes)
{
    public long InUse { get; private set; }

    /// <summary>How often there was no room.</summary>
    public long Refused { get; private set; }

    public bool TryTake(int length)
    {
        if (length > bytes - InUse)
        {
            Refused++;
            return false;
        }

        InUse += length;
        return true;
    }

    public void Return(int length) => InUse -= length;
}
