namespace CaptureFlow.Analysis;

/// <summary>Takes what one end sent, in order.</summary>
internal interface IByteSink
{
    /// <param name="data">Valid during the call.</param>
    /// <param name="startsSegment">Where a message often begins: after a gap, reading may go on here.</param>
    /// <param name="at">The packet that carried it.</param>
    void Take(ReadOnlySpan<byte> data, bool startsSegment, Moment at);

    /// <summary>So many bytes were sent here and are not in the file: cut by the snap length, or their packet was not captured.</summary>
    void Lost(long length, Moment at);
}
