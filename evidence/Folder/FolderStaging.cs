using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>A staged file, open and locked: one runner at a time, and the lock ends with its process.</summary>
internal sealed class FolderStaging : IStagingArea
{
    // Often enough that a disk is never idle while a file arrives.
    private const long BeginEvery = 8 << 20;

    private readonly string _root;
    private long _begun;

    private FolderStaging(string root, FileStream file)
    {
        (_root, File) = (root, file);
        Length = _begun = file.Length;
    }

    public long Length { get; private set; }

    public FileStream File { get; }

    /// <summary>Opens the staged file of a capture, or makes an empty one.</summary>
    /// <exception cref="StepUnavailableException">Another runner has it open.</exception>
    /// <exception cref="StoreRefusedException">The file system refused.</exception>
    public static FolderStaging Open(FolderLayout layout, string captureId)
    {
        try
        {
            var folder = layout.Staging(captureId);
            OwnedFiles.EnsureFolder(layout.Root, folder);
            var file = OwnedFiles.Open(layout.StagedFile(captureId), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            FileSync.Folder(folder);
            return new(layout.Root, file);
        }
        catch (Exception refusal) when (FolderRefusals.IsOurs(refusal))
        {
            throw FolderRefusals.Translate(refusal, layout.Root);
        }
    }

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            // At a position, not at the end: what a refused write left behind it is written over, so there is never a gap or a repetition.
            await RandomAccess.WriteAsync(File.SafeFileHandle, bytes, Length, cancellationToken);
            Length += bytes.Length;
            if (Length - _begun >= BeginEvery)
            {
                FileSync.Begin(File, _begun, Length - _begun);
                _begun = Length;
            }
        }
        catch (Exception refusal) when (FolderRefusals.IsOurs(refusal))
        {
            throw FolderRefusals.Translate(refusal, _root);
        }
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FileSync.FileAsync(File);
        }
        catch (Exception refusal) when (FolderRefusals.IsOurs(refusal))
        {
            throw FolderRefusals.Translate(refusal, _root);
        }
    }

    public ValueTask ResetAsync(CancellationToken cancellationToken)
    {
        try
        {
            RandomAccess.SetLength(File.SafeFileHandle, 0);
            (Length, _begun) = (0, 0);
            return ValueTask.CompletedTask;
        }
        catch (Exception refusal) when (FolderRefusals.IsOurs(refusal))
        {
            throw FolderRefusals.Translate(refusal, _root);
        }
    }

    public ValueTask DisposeAsync() => File.DisposeAsync();
}
