namespace CaptureFlow.Analysis;

/// <summary>The bytes that all streams together may keep, so that a file of many half-sent messages takes no more memory than one.</summary>
internal sealed class StreamBudget(long bytes)
{
    private long _left = bytes;

    public bool TryTake(int length)
    {
        if (length > _left)
        {
            return false;
        }

        _left -= length;
        return true;
    }

    public void Return(int length) => _left += length;
}
