using System.IO.Pipelines;
using System.Net.Sockets;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// A TCP connection with a thread of its own that reads, in large pieces, and on which also runs whatever waits for what was read. A gigabyte in TLS records of
/// 16 KiB costs 65,000 trips through the event loop and the thread pool otherwise, which is more than decrypting and hashing it.
/// </summary>
/// <remarks>A reader that is slow holds up this thread and, through TCP's window, the sender; nobody else. Writes are for little: they block.</remarks>
internal sealed class ReadAheadConnection : Stream
{
    private const int FirstPiece = 4 << 10;
    private const int LargestPiece = 128 << 10;

    // What is sent is a handshake and pings: a peer that takes none of it for so long is gone.
    private static readonly TimeSpan SendWithin = TimeSpan.FromSeconds(20);

    private readonly Socket _socket;
    private readonly Pipe _pipe = new(new(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: 2 * LargestPiece,
        resumeWriterThreshold: LargestPiece,
        useSynchronizationContext: false));

    private readonly Stream _read;
    private volatile bool _ended;

    private ReadAheadConnection(Socket socket)
    {
        _socket = socket;
        _read = _pipe.Reader.AsStream();
        new Thread(ReadOn) { IsBackground = true, Name = "exec" }.Start();
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>As <see cref="SocketsHttpHandler.ConnectCallback"/>. The socket is never used asynchronously, so that a read of it is one call into the kernel.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendTimeout = (int)SendWithin.TotalMilliseconds };
        try
        {
            await using (cancellationToken.UnsafeRegister(static it => ((Socket)it!).Dispose(), socket))
            {
                await Task.Run(() => socket.Connect(context.DnsEndPoint), CancellationToken.None);
            }

            cancellationToken.ThrowIfCancellationRequested();
            return new ReadAheadConnection(socket);
        }
        catch
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _read.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            while (!buffer.IsEmpty)
            {
                buffer = buffer[_socket.Send(buffer)..];
            }
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // Unblocks the thread wherever it waits; whoever waits for a read is told by it.
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ended = true;
            try
            {
                _socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The peer was first.
            }

            _socket.Dispose();
            _pipe.Writer.CancelPendingFlush();
        }

        base.Dispose(disposing);
    }

    private void ReadOn()
    {
        Exception? broken = null;
        var piece = FirstPiece;
        try
        {
            while (true)
            {
                var read = _socket.Receive(_pipe.Writer.GetMemory(piece).Span);
                if (read == 0)
                {
                    // What this side ended is no orderly end of the other's.
                    broken = _ended ? new IOException("The connection was disposed.") : null;
                    break;
                }

                _pipe.Writer.Advance(read);
                piece = read < piece ? piece : Math.Min(2 * piece, LargestPiece);
                var taken = _pipe.Writer.FlushAsync(CancellationToken.None);
                if ((taken.IsCompleted ? taken.GetAwaiter().GetResult() : taken.AsTask().GetAwaiter().GetResult()) is { IsCanceled: true } or { IsCompleted: true })
                {
                    broken = new IOException("The connection was disposed.");
                    break;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            broken = new IOException(e.Message, e);
        }

        // Whoever waits goes on here.
        _pipe.Writer.Complete(broken);
    }
}
