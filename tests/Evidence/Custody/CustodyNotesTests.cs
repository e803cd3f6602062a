using System.Text;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

/// <summary>Whoever stops, cancels or downloads is told apart by its id; the name stands beside it.</summary>
public sealed class CustodyNotesTests
{
    private static readonly string Id = CaptureIds.New();
    private static readonly Actor Ada = new("aad:tenant/1", "ada@example.com");
    private static readonly Actor NextAda = new("aad:tenant/2", "ada@example.com");
    private static readonly Actor AdaRenamed = new("aad:tenant/1", "ada.l@example.com");
    private static readonly Actor Key = Actor.Named("key:ci");

    public static TheoryData<string> Kinds() => ["stop", "cancel", "ranges"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Entry_TwoPeopleOfOneName_AreTwo(string kind) =>
        Assert.Equal(["ada@example.com aad:tenant/1", "ada@example.com aad:tenant/2"], Noted(Entry(kind, Ada), Entry(kind, NextAda), Entry(kind, Ada)));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Entry_OnePersonUnderANewName_IsOne(string kind) =>
        Assert.Equal(["ada@example.com aad:tenant/1"], Noted(Entry(kind, Ada), Entry(kind, AdaRenamed)));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Entry_CallerWhoseNameIsItsId_SaysItOnce(string kind)
    {
        Assert.Equal(["key:ci "], Noted(Entry(kind, Key)));
        Assert.DoesNotContain("id", Entry(kind, Key).Facts.Keys);
    }

    [Fact]
    public void Entry_WholeFileOrLink_IsOneForEachDownloadWithTheId() => Assert.Equal(
        ["ada@example.com aad:tenant/1", "ada@example.com aad:tenant/1", "ada@example.com aad:tenant/2"],
        Noted(
            CustodyNotes.Downloaded(Ada, "capture.pcap", Make.Noon, inRanges: false),
            CustodyNotes.Linked(Ada, "capture.pcap", Make.Noon, Make.Noon),
            CustodyNotes.Linked(NextAda, "capture.pcap", Make.Noon, Make.Noon)));

    // A log that an earlier version began, keyed by names, goes on and is read as before.
    [Fact]
    public void Entry_AfterOneWithoutAnId_LogHolds()
    {
        CustodyEntry earlier = new(CustodyEvents.StopAsked, Make.Noon, Ada.Name, new Dictionary<string, string?>(), Key: Ada.Name);

        Assert.Equal(["ada@example.com ", "ada@example.com aad:tenant/1"], Noted(earlier, Entry("stop", Ada)));
    }

    private static CustodyEntry Entry(string kind, Actor by) => kind == "ranges"
        ? CustodyNotes.Downloaded(by, "capture.pcap", Make.Noon, inRanges: true)
        : CustodyNotes.EndAsked(kind == "stop", by, Make.Noon);

    /// <summary>Name and id of each entry of a log to which these were added one after the other.</summary>
    private static IEnumerable<string> Noted(params CustodyEntry[] entries)
    {
        var log = Array.Empty<byte>();
        foreach (var entry in entries)
        {
            log = [.. log, .. CustodyChain.Continue(Id, log, [entry]).Append];
        }

        var reading = CustodyChain.Read(Id, log);
        Assert.True(reading.Broken is null, Encoding.UTF8.GetString(log));
        return reading.Entries.Select(entry => $"{entry.Entry.By} {entry.Entry.Facts.GetValueOrDefault("id")}");
    }
}
