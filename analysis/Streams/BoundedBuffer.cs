namespace CaptureFlow.Analysis;

/// <summary>Bytes that wait until a message is whole: never more than a fixed number of them, and paid from the budget of all streams.</summary>
internal sealed class BoundedBuffer(StreamBudget budget, int most)
{
    private const int Smallest = 256;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Appends all of it, or nothing.</summary>
    public bool TryAppend(ReadOnlySpan<byte> data)
    {
        var length = Length + data.Length;
        if (length > most || (length > _bytes.Length && !TryGrow(length)))
        {
            return false;
        }

        data.CopyTo(_bytes.AsSpan(Length));
        Length = length;
        return true;
    }

    /// <summary>Cuts bytes off: so many in front, so many behind; all of them where there are not so many.</summary>
    public void Trim(int front, int behind)
    {
        var length = Math.Max(0, Length - front - behind);
        if (length > 0 && front > 0)
        {
            Buffer.BlockCopy(_bytes, front, _bytes, 0, length);
        }

        Length = length;
    }

    /// <summary>Forgets the bytes, and keeps the room for the next message.</summary>
    public void Clear() => Length = 0;

    /// <summary>Forgets the bytes and gives the room back.</summary>
    public void Release()
    {
        budget.Return(_bytes.Length);
        (_bytes, Length) = ([], 0);
    }

    private bool TryGrow(int length)
    {
        var size = Math.Min(most, Math.Max(Smallest, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length)));
        if (!budget.TryTake(size - _bytes.Length))
        {
            return false;
        }

        Array.Resize(ref _bytes, size);
        return true;
    }
}
