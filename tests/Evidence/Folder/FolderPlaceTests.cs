namespace CaptureFlow.Evidence.Tests;

/// <summary>What only a folder has; the rest is in the contracts.</summary>
public sealed class FolderPlaceTests : FolderStoreTest
{
    [Fact]
    public async Task EnsureStoredAsync_Staged_MovesFileAndManifestByDateAndId()
    {
        var evidence = await StoreAsync();

        var folder = Path.Combine(Temp.Root, "2026", "03", "04", Id);
        Assert.Equal(Path.Combine(folder, "capture.pcap"), evidence.Location);
        Assert.Equal(["capture.pcap", "manifest.json"], Names(folder));
        Assert.Equal(Bytes, await File.ReadAllBytesAsync(evidence.Location));
        Assert.Empty(Names(Path.Combine(Temp.Root, ".staging")));
        Assert.Equal(evidence.Location, (await Temp.Open().TryReadManifestAsync(Id, default))?.Evidence.Location);
    }

    [Fact]
    public async Task EnsureStoredAsync_Written_IsForTheOwnerAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Fail("Windows has no file modes: run the tests on Linux.");
            return;
        }

        var evidence = await StoreAsync();

        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var folder = Path.GetDirectoryName(evidence.Location)!;
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            Assert.Equal(Owner, File.GetUnixFileMode(path));
        }

        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(Temp.Root, "2026")));
    }

    [Fact]
    public async Task EnsureStoredAsync_Manifest_IsReadableJson()
    {
        var evidence = await StoreAsync();

        var text = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(evidence.Location)!, "manifest.json"));
        Assert.Contains("\n  \"schema\": \"captureflow.manifest/1\"", "\n" + text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("\"requestedAt\": \"2026-03-04T12:00:00Z\"", text, StringComparison.Ordinal);
        Assert.Contains("\"verdict\": \"Complete\"", text, StringComparison.Ordinal);
        Assert.Contains("tcp port 80 and host 'web'", text, StringComparison.Ordinal);
        Assert.Contains("checkout > 2 s", text, StringComparison.Ordinal);
    }
}
