using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Gce;

/// <summary>
/// One session of the relay: bytes to and from the node's port 22, across as many sockets as it takes. Each side counts what it has received; after
/// a cut the session is taken up by its id, and what the other side lacks is sent again.
/// </summary>
internal sealed class IapRelay(IapSockets sockets, NodeInstance instance, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    // The largest frame, and room for a relay that puts several into one message.
    private const int MostMessage = 1 << 17;

    private static readonly TimeSpan ResumeWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);

    // Closed in order, or for a reason that taking up the session would only meet again.
    private static readonly HashSet<int> Final = [1000, 4001, 4003, 4005, 4006, 4007, 4008, 4009, 4010, 4013, 4033, 4047, 4051, 4074];

    private readonly UnackedBytes _unacked = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly byte[] _message = new byte[MostMessage];
    private ClientWebSocket? _socket;
    private string? _session;
    private ulong _received;
    private ulong _told;

    /// <summary>Opens the session; returns once the node's port is reached.</summary>
    /// <exception cref="GceRefusalException">IAP says no.</exception>
    /// <exception cref="IOException">No session now.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _socket = await sockets.ConnectAsync(instance, cancellationToken);
        try
        {
            while (_session is null)
            {
                await TakeMessageAsync(Stream.Null, cancellationToken);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (IsCut(e) || e is InvalidDataException))
        {
            throw new IOException($"IAP: {e.Message}", e);
        }
    }

    /// <summary>Carries bytes both ways until one side ends.</summary>
    /// <exception cref="IOException">The session broke for good.</exception>
    public async Task RunAsync(Stream local, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var up = UpAsync(local, ended.Token);
        var down = DownAsync(local, ended.Token);
        var first = await Task.WhenAny(up, down);
        await ended.CancelAsync();
        try
        {
            await Task.WhenAll(up, down);
        }
        catch (OperationCanceledException) when (first.IsCompletedSuccessfully && !cancellationToken.IsCancellationRequested)
        {
            // One side ended in order, and the other was told.
        }
    }

    public ValueTask DisposeAsync()
    {
        // Not closed in order: the session ends with the SSH connection that it carried.
        _socket?.Dispose();
        _sending.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task UpAsync(Stream local, CancellationToken cancellationToken)
    {
        var buffer = new byte[IapFrames.MostData];
        while (true)
        {
            await _unacked.WaitRoomAsync(cancellationToken);
            var read = await local.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                return;
            }

            var frame = new byte[IapFrames.DataHeader + read];
            IapFrames.WriteDataHeader(frame, read);
            buffer.AsSpan(0, read).CopyTo(frame.AsSpan(IapFrames.DataHeader));
            await SendAsync(frame, isData: true, cancellationToken);
        }
    }

    private async Task DownAsync(Stream local, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (!await TakeMessageAsync(local, cancellationToken))
                {
                    return;
                }
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsCut(e))
            {
                await ResumeAsync(e, cancellationToken);
            }
            catch (InvalidDataException e)
            {
                throw new IOException($"IAP: {e.Message}", e);
            }
        }
    }

    // False when the relay ended the session in order.
    private async Task<bool> TakeMessageAsync(Stream local, CancellationToken cancellationToken)
    {
        var length = 0;
        while (true)
        {
            var part = await _socket!.ReceiveAsync(_message.AsMemory(length), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return OnClose((int?)_socket.CloseStatus ?? 0, _socket.CloseStatusDescription);
            }

            length += part.Count;
            if (part.EndOfMessage)
            {
                break;
            }

            if (length == _message.Length)
            {
                throw new InvalidDataException($"a message of more than {MostMessage} bytes");
            }
        }

        ReadOnlyMemory<byte> rest = _message.AsMemory(0, length);
        while (IapFrames.TryTake(ref rest, out var tag, out var bytes, out var number))
        {
            await TakeFrameAsync(tag, bytes, number, local, cancellationToken);
        }

        return true;
    }

    private async Task TakeFrameAsync(ushort tag, ReadOnlyMemory<byte> bytes, ulong number, Stream local, CancellationToken cancellationToken)
    {
        switch (tag)
        {
            case IapFrames.ConnectSuccess:
                _session = Encoding.ASCII.GetString(bytes.Span);
                break;
            case IapFrames.Data when _session is null:
                throw new InvalidDataException("data before the session");
            case IapFrames.Data:
                await local.WriteAsync(bytes, cancellationToken);
                _received += (ulong)bytes.Length;
                if (_received - _told > IapFrames.AckAfter)
                {
                    _told = _received;
                    await SendAsync(IapFrames.WriteAck(_received), isData: false, cancellationToken);
                }

                break;
            case IapFrames.Ack:
                _unacked.Acknowledge(number);
                break;
            case IapFrames.ReconnectSuccess:
                throw new InvalidDataException("an answer to no reconnect");
        }
    }

    private async Task SendAsync(byte[] frame, bool isData, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            if (isData)
            {
                // Noted first: what a cut socket swallowed is sent again.
                _unacked.Add(frame);
            }

            await _socket!.SendAsync(frame.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (IsCut(e) || e is InvalidOperationException))
        {
            // The reader meets the same cut, and takes the session up.
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ResumeAsync(Exception cut, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + ResumeWithin;
        while (true)
        {
            try
            {
                var fresh = await sockets.ReconnectAsync(instance, _session!, _received, cancellationToken);
                // Nothing is sent on the new socket before the relay has told what it lacks: that would come before what comes first.
                await _sending.WaitAsync(cancellationToken);
                _socket!.Dispose();
                _socket = fresh;
                try
                {
                    await TakeReconnectAsync(cancellationToken);
                }
                finally
                {
                    _sending.Release();
                }

                _told = _received;
                logger.TunnelResumed(instance.ToString(), (long)_received);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && (IsCut(e) || e is IOException or GceRefusalException))
            {
                if (time.GetUtcNow() + Again > deadline || e is GceRefusalException)
                {
                    throw new IOException($"IAP: {cut.Message}; not taken up: {e.Message}", e);
                }
            }

            await Task.Delay(Again, time, cancellationToken);
        }
    }

    private async Task TakeReconnectAsync(CancellationToken cancellationToken)
    {
        var part = await _socket!.ReceiveAsync(_message.AsMemory(), cancellationToken);
        if (part.MessageType == WebSocketMessageType.Close)
        {
            OnClose((int?)_socket.CloseStatus ?? 0, _socket.CloseStatusDescription);
            throw new IOException("the relay ended the session");
        }

        ReadOnlyMemory<byte> rest = _message.AsMemory(0, part.Count);
        if (!part.EndOfMessage || !IapFrames.TryTake(ref rest, out var tag, out _, out var number) || tag != IapFrames.ReconnectSuccess)
        {
            throw new InvalidDataException("the relay did not answer the reconnect");
        }

        _unacked.Acknowledge(number);
        foreach (var frame in _unacked.Missing())
        {
            await _socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
    }

    // .NET tells a socket that was aborted as a cancelled operation, whoever aborted it.
    private static bool IsCut(Exception e) => e is WebSocketException or OperationCanceledException or ObjectDisposedException or RelayCutException;

    private bool OnClose(int status, string? words) => status switch
    {
        1000 when _session is not null => false,
        4033 => throw new GceRefusalException(GceFaults.Denied($"open an IAP tunnel to {instance}", $"4033 {words}")),
        4003 or 4047 when _session is null => throw new IOException($"IAP did not reach the node: {status} {words}"),
        _ when _session is null || Final.Contains(status) => throw new IOException($"IAP: the relay closed with {status} {words}"),
        _ => throw new RelayCutException($"closed with {status} {words}"),
    };

    private sealed class RelayCutException(string message) : Exception(message);
}
