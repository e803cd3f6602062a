using System.Globalization;
using CaptureFlow.Evidence;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.Tests.CommandLine;

/// <summary><c>verify FOLDER --key</c> of a store, with the public key that <c>log-key</c> prints.</summary>
public sealed class VerifyCommandTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("captureflow-verify-test-").FullName;
    private readonly string _id = CaptureIds.New();

    private string Public => Path.Combine(_folder, "custody.pub");

    private string Store => Path.Combine(_folder, "evidence");

    private string Log => Path.Combine(Store, "log", _id + ".jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Verify_StoreWithTheKeyOfItsHost_HoldsUntilALogIsCut()
    {
        await WriteAsync();

        Assert.Equal(ExitCodes.Complete, await RunAsync("log-key", "--state", _folder));
        Assert.Equal(ExitCodes.Complete, await RunAsync("verify", Store, "--key", Public));
        Assert.EndsWith("All of it holds.\n", await SaysAsync(), StringComparison.Ordinal);

        await File.WriteAllLinesAsync(Log, (await File.ReadAllLinesAsync(Log))[..1]);
        Assert.Equal(ExitCodes.DoesNotHold, await RunAsync("verify", Store, "--key", Public));
        Assert.Contains($"Does not hold: log. {_id}: the head of 2026-03-04 names 2 entries, and only 1 hold", await SaysAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_StoreWithoutAUsableKey_SaysWhichIsMissing()
    {
        Directory.CreateDirectory(Store);
        await File.WriteAllTextAsync(Public, "no key");

        Assert.Equal(ExitCodes.Usage, await RunAsync("verify", Store));
        Assert.Equal(ExitCodes.Usage, await RunAsync("verify", Store, "--key", Public));
        Assert.Equal(ExitCodes.Usage, await RunAsync("verify", Store, "--key", Path.Combine(_folder, "none")));
        Directory.Delete(Store);
        await WriteAsync();
        Directory.Delete(Store, recursive: true);
        Directory.CreateDirectory(Store);
        Assert.Equal(ExitCodes.HostUnavailable, await RunAsync("verify", Store, "--key", Public));
    }

    // As the host of that state folder does it.
    private async Task WriteAsync()
    {
        using var key = await CustodySigning.OfFileAsync(LogKeyCommand.PathOf(_folder), TimeProvider.System, default);
        var (log, head) = CustodyChain.Continue(_id, [], [Entry("asked"), Entry("denied")], key);
        CustodyDay day = new(CustodyDay.CurrentSchema, new(2026, 3, 4), Noon.AddHours(13), null, null, 400, [new(_id, head.Entries, head.Hash, Noon)]);
        Directory.CreateDirectory(Path.GetDirectoryName(Log)!);
        Directory.CreateDirectory(Path.Combine(Store, "heads"));
        await File.WriteAllTextAsync(Public, key.PublicPem);
        await File.WriteAllBytesAsync(Log, log);
        await File.WriteAllBytesAsync(Path.Combine(Store, CustodyDay.NameOf(day.Day)), day.Write(key));
    }

    private static CustodyEntry Entry(string what) => new(what, Noon, "ada", new Dictionary<string, string?>());

    private async Task<string> SaysAsync()
    {
        var (keys, _) = CustodyPublicKeys.Read(await File.ReadAllTextAsync(Public));
        using (keys)
        {
            using StringWriter output = new(CultureInfo.InvariantCulture);
            VerifyCommand.Write(StoreVerification.Check(Store, keys!, Noon.AddDays(2), default), "Store", output);
            return output.ToString();
        }
    }

    private static Task<int> RunAsync(params string[] arguments) => CaptureFlowCommand.RunAsync(arguments);
}
