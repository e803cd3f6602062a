using System.IO.Pipelines;
using CaptureFlow.Analysis;

namespace CaptureFlow.Local.CommandLine;

/// <summary>A capture file as it was stored: the bytes of a pcap, and of a pcapng those of the pcap that it was made of.</summary>
internal static class OriginStream
{
    /// <param name="file">Disposed with the answer.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static Stream Of(FileStream file, CancellationToken cancellationToken)
    {
        if (!file.CanSeek || !PcapngOrigin.IsPcapng(file))
        {
            return file;
        }

        Pipe pipe = new();
        _ = WriteAsync(file, pipe.Writer, cancellationToken);
        return pipe.Reader.AsStream();
    }

    // Never fails by itself: what goes wrong reaches whoever reads.
    private static async Task WriteAsync(FileStream file, PipeWriter writer, CancellationToken cancellationToken)
    {
        await using (file)
        {
            try
            {
                await using var output = writer.AsStream(leaveOpen: true);
                await PcapngOrigin.WriteAsync(file, output, cancellationToken);
                await writer.CompleteAsync();
            }
            catch (Exception e)
            {
                await writer.CompleteAsync(e);
            }
        }
    }
}
