using System.Text;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence;

/// <summary>The key that this host signs logs with.</summary>
public sealed class CustodySigning(IOptions<CustodyOptions> options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private CustodyKey? _key;

    /// <summary>Whether there is a key, or will be.</summary>
    public bool IsConfigured => options.Value is { SigningKey.Length: > 0 } or { KeyFile.Length: > 0 };

    /// <summary>The key; made now where its file is missing. Null when none is configured: logs go unsigned.</summary>
    /// <exception cref="IOException">The file cannot be read or made, for instance since the disk is full; worth repeating.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public async Task<CustodyKey?> KeyAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return _key ??= options.Value switch
            {
                { SigningKey: { Length: > 0 } text } => CustodyKey.FromText(text),
                { KeyFile: { Length: > 0 } path } => await OfFileAsync(path, time, cancellationToken),
                _ => null,
            };
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The key of a file, which is made where it is missing, readable by its user alone. Of several processes at once, one makes it.</summary>
    public static async Task<CustodyKey> OfFileAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
        {
            var folder = Path.GetDirectoryName(path)!;
            OwnedFiles.EnsureFolder(folder, folder);
            await using var held = await FolderLock.TakeAsync(path + ".lock", time, cancellationToken);
            if (!File.Exists(path))
            {
                using var key = CustodyKey.Create();
                await OwnedFiles.WriteAtomicallyAsync(path, Encoding.ASCII.GetBytes(key.PrivatePem + "\n"), cancellationToken);
            }
        }

        return CustodyKey.FromText(await File.ReadAllTextAsync(path, cancellationToken));
    }

    public void Dispose()
    {
        _key?.Dispose();
        _one.Dispose();
    }
}
