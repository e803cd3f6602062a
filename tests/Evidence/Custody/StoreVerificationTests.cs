using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Evidence.Tests;

/// <summary>Three days of a store with a key, each sealed; and what somebody without the key does to it.</summary>
public sealed class StoreVerificationTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(Make.Noon);
    private readonly CustodyKey _key = CustodyKey.Create();
    private readonly TempStore _temp = new();
    private readonly string[] _ids = [CaptureIds.New(), CaptureIds.New(), CaptureIds.New()];
    private CustodyPublicKeys _keys = null!;
    private CustodySigning _signing = null!;

    public async ValueTask InitializeAsync()
    {
        (_keys, _signing) = (Make.Keys(_key), Make.Signing(_key.PrivatePem));
        foreach (var id in _ids)
        {
            await NoteAsync(id, "asked", "granted", "revoked");
            _time.Advance(TimeSpan.FromDays(1));
            Assert.NotNull(await SealAsync());
            Assert.Null(await SealAsync());
        }
    }

    public ValueTask DisposeAsync()
    {
        _temp.Dispose();
        _keys.Dispose();
        _key.Dispose();
        _signing.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Check_AsSealed_Holds()
    {
        var report = Check();

        Assert.True(report.Holds, Say(report));
        Assert.Equal(
            [
                "3 heads, each signed and bound to the one before, of 2026-03-04 to 2026-03-06.",
                "3 logs are signed and as the heads name them; 0 more are past their time and gone.",
                "The heads name every entry.",
            ],
            report.Checks.Select(check => check.Says));
    }

    [Fact]
    public void Check_LogCutAtItsEnd_IsNamed()
    {
        var path = Log(_ids[1]);
        File.WriteAllLines(path, File.ReadAllLines(path)[..2]);

        Assert.Equal([$"{_ids[1]}: the head of 2026-03-05 names 3 entries, and only 2 hold: the log was cut or changed.", "1 of 3 logs do not hold."], Bad(Check()));
    }

    [Fact]
    public void Check_LogWrittenAnew_IsNamed()
    {
        File.WriteAllBytes(Log(_ids[0]), CustodyChain.Continue(_ids[0], [], [Entry("asked"), Entry("denied"), Entry("revoked")]).Append);

        Assert.StartsWith($"{_ids[0]}: Entry 3, the last, is not signed", Bad(Check())[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Check_LogTakenAway_IsNamedUntilItsTimeIsOver()
    {
        File.Delete(Log(_ids[2]));

        Assert.Equal($"{_ids[2]}: the head of 2026-03-06 names it, and it is missing, before its time was over.", Bad(Check())[0]);
        Assert.Contains(Check(_time.GetUtcNow().AddDays(400)).Checks, check => check.Says.Contains("1 more are past their time", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_HeadTakenAwayOrChanged_IsNamed()
    {
        var (first, second) = (Head("2026-03-04"), Head("2026-03-05"));
        var bytes = File.ReadAllBytes(second);
        File.Delete(second);
        Assert.Equal("The head of 2026-03-06 does not hold: it does not follow that of 2026-03-04: one between was taken away, or put there.", Bad(Check())[0]);

        File.Copy(first, second);
        Assert.Equal("The head of 2026-03-05 does not hold: it is the head of 2026-03-04.", Bad(Check())[0]);

        File.WriteAllText(second, System.Text.Encoding.UTF8.GetString(bytes).Replace("\"logDays\":400", "\"logDays\":100", StringComparison.Ordinal));
        Assert.StartsWith("The head of 2026-03-05 does not hold: its signature is not of these words", Bad(Check())[0], StringComparison.Ordinal);

        File.WriteAllBytes(second, bytes);
        File.Delete(first);
        Assert.Equal("The head of 2026-03-05 does not hold: it follows that of 2026-03-04, which is missing.", Bad(Check())[0]);
    }

    [Fact]
    public async Task Check_LastHeadsTakenAway_IsNotHeldToBeWell()
    {
        File.Delete(Head("2026-03-06"));
        Assert.Equal(["1 logs have entries that no head names, though their day is over: no host signed it."], Bad(Check()));

        // Of today, there cannot be one.
        await NoteAsync(_ids[2], "downloaded");
        Assert.True(await SealAsync() is not null && Check().Holds);
        await NoteAsync(_ids[0], "downloaded");
        var report = Check();
        Assert.True(report.Holds, Say(report));
        Assert.Contains("1 logs have entries of a day that has no head yet", Assert.Single(report.Checks, check => check.Open).Says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seal_DaysWithoutAHost_AreMadeUpForByTheNextHead()
    {
        await NoteAsync(_ids[0], "downloaded");
        _time.Advance(TimeSpan.FromDays(5));

        Assert.Equal(new DateOnly(2026, 3, 11), await SealAsync());

        Assert.True(Check().Holds, Say(Check()));
        var (head, _, _) = CustodyDay.Read(File.ReadAllBytes(Head("2026-03-11")));
        Assert.Equal((new DateOnly(2026, 3, 6), _ids[0], 4), (head!.PreviousDay!.Value, Assert.Single(head.Logs).Id, head.Logs[0].Entries));
    }

    [Fact]
    public async Task Seal_WithoutAKeyOrALog_WritesNothing()
    {
        using TempStore other = new();

        Assert.Null(await SealAsync(other, _signing));
        await other.Log().EnsureAsync(_ids[0], [Entry("asked")], default);
        Assert.Null(await SealAsync(other, Make.Signing()));
        Assert.False(Directory.Exists(Path.Combine(other.Root, "heads")));
    }

    private static string[] Bad(EvidenceReport report) => [.. report.Checks.Where(check => check.Holds == false || check is { Holds: null, Open: false }).Select(check => check.Says)];

    private static string Say(EvidenceReport report) => string.Join('\n', report.Checks);

    private EvidenceReport Check(DateTimeOffset? now = null) => StoreVerification.Check(_temp.Root, _keys, now ?? _time.GetUtcNow(), default);

    private CustodyEntry Entry(string what) => new(what, _time.GetUtcNow(), "ada", new Dictionary<string, string?>());

    private string Log(string id) => Path.Combine(_temp.Root, "log", id + ".jsonl");

    private string Head(string day) => Path.Combine(_temp.Root, "heads", day + ".json");

    private async Task NoteAsync(string id, params string[] events)
    {
        await _temp.Log(_signing).EnsureAsync(id, [.. events.Select(Entry)], default);
        File.SetLastWriteTimeUtc(Log(id), _time.GetUtcNow().UtcDateTime);
    }

    private Task<DateOnly?> SealAsync() => SealAsync(_temp, _signing);

    private Task<DateOnly?> SealAsync(TempStore store, CustodySigning signing) => new CustodyDaySealer(
        new FolderDays(Options.Create(new FolderStoreOptions { Folder = store.Root }), TimeProvider.System),
        store.Log(signing), signing, Options.Create(new RetentionOptions()), _time, NullLogger<CustodyDaySealer>.Instance).SealAsync(default);
}
