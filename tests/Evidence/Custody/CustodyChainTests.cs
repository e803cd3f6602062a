using System.Text;
using CaptureFlow.Orchestrations;
using CsCheck;

namespace CaptureFlow.Evidence.Tests;

public sealed class CustodyChainTests
{
    private static readonly string Id = CaptureIds.New();

    [Fact]
    public void Read_AsWritten_HoldsAndKeepsEveryFact()
    {
        var log = Log(Entry("asked"), Entry("granted"), Entry("revoked"));

        var reading = CustodyChain.Read(Id, log);

        Assert.Null(reading.Broken);
        Assert.Equal(["asked", "granted", "revoked"], reading.Entries.Select(entry => entry.Entry.Event));
        Assert.Equal([1, 2, 3], reading.Entries.Select(entry => entry.Seq));
        Assert.Equal(("ada <a@x>", "it's \"slow\" Ω\n"), (reading.Entries[1].Entry.By, reading.Entries[1].Entry.Facts["reason"]));
        Assert.Equal(Make.Noon, reading.Entries[1].Entry.At);
    }

    [Fact]
    public void Read_AnyByteChanged_NamesThatLine()
    {
        var log = Log(Entry("asked"), Entry("granted"), Entry("attached"), Entry("revoked"));
        Gen.Select(Gen.Int[0, log.Length - 1], Gen.Byte[1, 255]).Sample((at, change) =>
        {
            var changed = log.ToArray();
            changed[at] ^= change;
            var line = log.AsSpan(0, at).Count((byte)'\n') + 1;

            var reading = CustodyChain.Read(Id, changed);

            return reading.Broken?.Line == line && reading.Entries.Count == line - 1;
        });
    }

    [Fact]
    public void Read_LineTakenOut_NamesTheOneThatFollowed()
    {
        var lines = Encoding.UTF8.GetString(Log(Entry("asked"), Entry("granted"), Entry("attached"), Entry("revoked"))).Split('\n');

        var reading = CustodyChain.Read(Id, Encoding.UTF8.GetBytes(string.Join('\n', lines.Where((_, i) => i != 1))));

        Assert.Equal(new(2, "a line before it was changed, taken out or put in"), reading.Broken);
        Assert.Equal(["asked"], reading.Entries.Select(entry => entry.Entry.Event));
    }

    [Fact]
    public void Read_OtherCapturesLog_DoesNotHold()
    {
        var log = Log(Entry("asked"));

        Assert.Equal(1, CustodyChain.Read(CaptureIds.New(), log).Broken?.Line);
    }

    [Fact]
    public void Read_LastLineCut_SaysSo()
    {
        var log = Log(Entry("asked"), Entry("granted"));

        var reading = CustodyChain.Read(Id, log.AsSpan(0, log.Length - 20));

        Assert.Equal(2, reading.Broken?.Line);
        Assert.Equal(new(2, "it was cut off"), CustodyChain.Read(Id, log.AsSpan(0, log.Length - 1)).Broken);
        Assert.Single(reading.Entries);
    }

    [Fact]
    public void Continue_SameEntriesAgain_AppendsNothingAndFindsTheSamePlace()
    {
        CustodyEntry[] first = [Entry("asked"), Entry("granted")];
        var (log, head) = CustodyChain.Continue(Id, [], first);
        var (more, _) = CustodyChain.Continue(Id, log, [Entry("attached")]);

        var (append, again) = CustodyChain.Continue(Id, [.. log, .. more], first);

        Assert.Empty(append);
        Assert.Equal(head, again);
    }

    [Fact]
    public void Continue_MissingAmongPresent_AppendsOnlyThose()
    {
        var log = Log(Entry("asked"), Entry("attached"));

        var (append, head) = CustodyChain.Continue(Id, log, [Entry("asked"), Entry("granted"), Entry("attached"), Entry("stopped")]);

        var reading = CustodyChain.Read(Id, [.. log, .. append]);
        Assert.Null(reading.Broken);
        Assert.Equal(["asked", "attached", "granted", "stopped"], reading.Entries.Select(entry => entry.Entry.Event));
        Assert.Equal(new(4, reading.Entries[3].Hash), head);
    }

    [Fact]
    public void Continue_BrokenLog_GoesOnAndTheBreakStaysVisible()
    {
        var log = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Log(Entry("asked"), Entry("granted"))).Replace("ada", "eve", StringComparison.Ordinal));

        var (append, head) = CustodyChain.Continue(Id, log, [Entry("revoked")]);

        Assert.Equal(3, head.Entries);
        Assert.Equal(1, CustodyChain.Read(Id, [.. log, .. append]).Broken?.Line);
    }

    private static byte[] Log(params CustodyEntry[] entries) => CustodyChain.Continue(Id, [], entries).Append;

    private static CustodyEntry Entry(string what) => new(what, Make.Noon, "ada <a@x>", new Dictionary<string, string?> { ["reason"] = "it's \"slow\" Ω\n", ["none"] = null });
}
