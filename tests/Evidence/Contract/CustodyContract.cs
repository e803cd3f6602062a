using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Evidence.Tests;

public abstract class CustodyContract : StoreContractTest
{
    private static readonly string[] Words = ["asked", "granted", "attached", "stopped", "fetched", "stored", "revoked", "deleted"];

    [Fact]
    public async Task EnsureAsync_StepByStepByOtherHosts_IsOneChain()
    {
        List<CustodyHead> heads = [];
        foreach (var word in Words)
        {
            heads.Add(await Under.Log().EnsureAsync(Id, [Entry(word)], default));
        }

        var reading = await ReadLogAsync();
        Assert.Null(reading.Broken);
        Assert.Equal(Words, reading.Entries.Select(entry => entry.Entry.Event));
        Assert.Equal(heads, reading.Entries.Select(entry => new CustodyHead(entry.Seq, entry.Hash)));
    }

    [Fact]
    public async Task EnsureAsync_ManyAtOnce_KeepsAllAndEachOnce()
    {
        await Task.WhenAll(Words.Concat(Words).Select((word, i) => Under.Log().EnsureAsync(Id, [Entry("asked"), Entry(word), Entry("downloaded", $"{i}")], default)));

        var reading = await ReadLogAsync();
        Assert.Null(reading.Broken);
        Assert.Equal(Words.Length + (2 * Words.Length), reading.Entries.Count);
        Assert.Equal(reading.Entries.Count, reading.Entries.Select(entry => (entry.Entry.Event, entry.Entry.Key)).Distinct().Count());
    }

    [Fact]
    public async Task EnsureAsync_WithAKey_SignsEachEntryAndTheDayHasOneHead()
    {
        using var key = CustodyKey.Create();
        using var keys = Make.Keys(key);
        using var signing = Make.Signing(key.PrivatePem);
        FakeTimeProvider tomorrow = new(TimeProvider.System.GetUtcNow().AddDays(1));
        CustodyDaySealer sealer = new(Under.Days(), Under.Log(), signing, Options.Create(new RetentionOptions()), tomorrow, NullLogger<CustodyDaySealer>.Instance);
        await Under.Log(signing).EnsureAsync(Id, [Entry("asked"), Entry("granted")], default);

        var reading = await ReadLogAsync();
        var seals = await Task.WhenAll(sealer.SealAsync(default), sealer.SealAsync(default));

        Assert.True(AnchorChecks.SignatureOf(reading, keys).Holds);
        var day = Assert.Single(await Under.Days().DaysAsync(default));
        Assert.Equal(day, Assert.Single(seals, sealedNow => sealedNow is not null));
        var (head, problem) = new CustodyHeadFile(day, (await Under.Days().TryReadAsync(day, default))!).Check(keys);
        Assert.Null(problem);
        Assert.Equal((Id, 2, reading.Entries[1].Hash), Assert.Single(head!.Logs) is var log ? (log.Id, log.Entries, log.Hash) : default);
        Assert.False(await Under.Days().TryWriteAsync(day, "x"u8.ToArray(), default));
        Assert.Empty(await Under.Days().WrittenSinceAsync(tomorrow.GetUtcNow(), default));
        Assert.Null(await Under.Days().TryReadAsync(day.AddDays(1), default));
    }

    [Fact]
    public async Task TryOpenAsync_NoLogOrNoId_IsNull()
    {
        Assert.Null(await Under.Log().TryOpenAsync(Id, default));
        Assert.Null(await Under.Log().TryOpenAsync("../log", default));
        await Assert.ThrowsAsync<ArgumentException>(() => Under.Log().EnsureAsync("../x", [Entry("asked")], default));
        Assert.True(await Under.IsEmptyAsync());
    }

    [Fact]
    public async Task Sweep_CaptureIsOver_ItsLogStaysForItsOwnTime()
    {
        await StoreAsync();
        await Under.Log().EnsureAsync(Id, [Entry("stored")], default);
        var rules = new RetentionOptions().RulesAt(TimeProvider.System.GetUtcNow().AddDays(399));

        var year = await Under.Retention().SweepAsync(rules, Make.NoOne, default);
        var kept = (await ReadLogAsync()).Entries.Count;
        var later = await Under.Retention().SweepAsync(rules with { Now = rules.Now.AddDays(2) }, Make.NoOne, default);

        Assert.Equal([Id], year.Deleted);
        Assert.Equal((0, 1), (year.Logs, kept));
        Assert.Equal(1, later.Logs);
        Assert.Null(await Under.Log().TryOpenAsync(Id, default));
    }

    [Fact]
    public async Task Sweep_EvidenceThatIsStillThere_KeepsItsLogHoweverOld()
    {
        await StoreAsync();
        await Under.Log().EnsureAsync(Id, [Entry("stored")], default);
        var forEver = new RetentionOptions { Days = 0, DaysByVerdict = new Dictionary<Verdict, int>() }.RulesAt(TimeProvider.System.GetUtcNow().AddDays(1_000));

        var sweep = await Under.Retention().SweepAsync(forEver, Make.NoOne, default);

        Assert.Equal((0, 0), (sweep.Deleted.Count, sweep.Logs));
        Assert.Single((await ReadLogAsync()).Entries);
    }

    protected static CustodyEntry Entry(string what, string? key = null) => new(what, Make.Noon, "ada", new Dictionary<string, string?> { ["n"] = "1" }, key);

    protected async Task<CustodyReading> ReadLogAsync() => CustodyChain.Read(Id, await ReadAsync(await Under.Log().TryOpenAsync(Id, default)));
}
