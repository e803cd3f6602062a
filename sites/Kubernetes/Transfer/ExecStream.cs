using System.Buffers;
using System.Net.WebSockets;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Moves the output of an exec (sub-protocol v4.channel.k8s.io) to a sink at the sink's pace, with one pooled buffer: nothing is read from
/// the socket while the sink works, which is the sender's back-pressure. Only the status frame says that the output is whole; a stream
/// that ends without it was cut, however orderly it was closed.
/// </summary>
internal static class ExecStream
{
    // Twice what API servers put into one message (32 KiB), so that one receive takes a whole one.
    private const int BufferBytes = 64 * 1024;

    public static async Task<ExecOutcome> PumpAsync(
        WebSocket socket,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink,
        ExecLimits limits,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        using var whole = new CancellationTokenSource(limits.Time, time);
        using var stall = new CancellationTokenSource(limits.Stall, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(whole.Token, stall.Token, cancellationToken);
        var side = new ExecSideChannels();
        long bytes = 0;
        try
        {
            var channel = -1;
            while (!side.HasStatus)
            {
                stall.CancelAfter(limits.Stall);
                var received = await socket.ReceiveAsync(buffer.AsMemory(), any.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                var data = buffer.AsMemory(0, received.Count);
                if (channel < 0 && data.Length > 0)
                {
                    // Only the first fragment of a message begins with the channel.
                    (channel, data) = (data.Span[0], data[1..]);
                }

                if (channel == ExecSideChannels.Output && data.Length > 0)
                {
                    // A sink may take longer than a sender may be silent.
                    stall.CancelAfter(Timeout.InfiniteTimeSpan);
                    await sink(data, cancellationToken);
                    bytes += data.Length;
                }
                else
                {
                    side.Take(channel, data.Span, received.EndOfMessage);
                }

                channel = received.EndOfMessage ? -1 : channel;
            }

            return side.Ended(bytes);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && any.IsCancellationRequested)
        {
            return stall.IsCancellationRequested
                ? side.Cut(ExecEnd.Stalled, bytes, $"nothing came for {limits.Stall.TotalSeconds:0} s")
                : side.Cut(ExecEnd.TimedOut, bytes, $"not ended after {limits.Time.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is WebSocketException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return side.Cut(ExecEnd.Truncated, bytes, e.Message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
