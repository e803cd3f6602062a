using Renci.SshNet;

namespace CaptureFlow.Sites.Gce;

/// <summary>A file of the node over SFTP, read in order. Every read ends: the client's own time cap counts as a cut.</summary>
internal sealed class NodeFile(SftpClient client, INodeRoute route, Stream inner) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not IOException && SshLogin.IsOfLogin(e))
        {
            throw new IOException(route.Trouble ?? e.Message, e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        // The stream's own end would ask the server once more, which a cut connection never answers.
        client.Dispose();
        await route.DisposeAsync();
        await base.DisposeAsync();
    }
}
