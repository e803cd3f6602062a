using System.Diagnostics;
using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public sealed class FolderStoreTests : FolderStoreTest
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
            Assert.Skip("Windows has no file modes.");
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

    [Fact]
    public async Task EnsureStoredAsync_Repeated_ReadsBackAndAgrees()
    {
        var manifest = await StagedAsync();
        var first = await Temp.Store.EnsureStoredAsync(manifest, default);

        var second = await Temp.Open().EnsureStoredAsync(manifest, default);

        Assert.True(second.Succeeded);
        Assert.Equal(Json(first.Value), Json(second.Value));
    }

    [Fact]
    public async Task EnsureStoredAsync_OtherCaptureOfThatId_IsNameTaken()
    {
        await StoreAsync();
        var other = Manifest(Bytes) with { Plan = Make.Plan(Id) with { PodUid = "another" } };

        var result = await Temp.Store.EnsureStoredAsync(other, default);

        Assert.Equal(FaultCodes.NameTaken, Assert.Single(result.Faults).Code);
        Assert.Equal("uid-1", (await Temp.Store.TryReadManifestAsync(Id, default))?.Plan.PodUid);
    }

    [Fact]
    public async Task EnsureStoredAsync_StoredFileChanged_IsAMismatch()
    {
        var manifest = await StagedAsync();
        var stored = await Temp.Store.EnsureStoredAsync(manifest, default);
        await File.AppendAllTextAsync(stored.Value!.Location, "x");

        var result = await Temp.Store.EnsureStoredAsync(manifest, default);

        Assert.Equal(FaultCodes.FileMismatch, Assert.Single(result.Faults).Code);
    }

    [Fact]
    public async Task EnsureStoredAsync_StagedBytesAreOthers_StoresNothing()
    {
        var manifest = await StagedAsync();
        await Temp.StageAsync(Id, new byte[1]);

        var result = await Temp.Store.EnsureStoredAsync(manifest, default);

        Assert.Equal(FaultCodes.FileMismatch, Assert.Single(result.Faults).Code);
        Assert.Null(await Temp.Store.TryReadManifestAsync(Id, default));
        Assert.Equal(Bytes.Length + 1, (await ReadAsync(await Temp.Store.TryReadStagedAsync(Id, default)))?.Length);
    }

    [Fact]
    public async Task EnsureStoredAsync_NoFile_StoresTheManifestAlone()
    {
        var manifest = Manifest([]);
        manifest = manifest with { Evidence = manifest.Evidence with { FileName = null, Sha256 = string.Empty, Verdict = Verdict.Failed } };

        var first = await Temp.Store.EnsureStoredAsync(manifest, default);
        var second = await Temp.Store.EnsureStoredAsync(manifest, default);

        Assert.True(first.Succeeded);
        Assert.Equal(Json(first.Value), Json(second.Value));
        Assert.Equal(["manifest.json"], Names(Path.GetDirectoryName(first.Value.Location)!));
        Assert.Null(await Temp.Store.TryOpenFileAsync(Id, "capture.pcap", default));
    }

    [Fact]
    public async Task EnsureStoredAsync_TwoRunnersAtOnce_StoreOneAndAgree()
    {
        for (var round = 0; round < 20; round++)
        {
            var id = CaptureIds.New();
            await Temp.StageAsync(id, Bytes);
            var manifest = Manifest(Bytes) with { Plan = Make.Plan(id) };

            var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => UntilAvailableAsync(Temp.Open(), manifest))));

            Assert.All(results, result => Assert.True(result.Succeeded, string.Join(' ', result.Faults)));
            Assert.Equal(Json(results[0].Value), Json(results[1].Value));
            Assert.Equal(["capture.pcap", "manifest.json"], Names(Path.GetDirectoryName(results[0].Value!.Location)!));
        }

        Assert.Empty(Names(Path.Combine(Temp.Root, ".staging")));
    }

    private static async Task<StepResult<StoredEvidence>> UntilAvailableAsync(FolderStore store, CaptureManifest manifest)
    {
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await store.EnsureStoredAsync(manifest, default);
            }
            catch (StepUnavailableException) when (waiting.Elapsed < TimeSpan.FromSeconds(30))
            {
                // As the orchestrator's retry policy does.
                await Task.Delay(5);
            }
        }
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, CaptureJson.Options);
}
