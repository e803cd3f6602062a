using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;

namespace CaptureFlow.Sites.Tests.Granting;

public sealed class GrantMarksTests
{
    private static readonly CaptureOrder Order = new(
        "cf-0000000000000000", new("shop", "web"), new(TimeSpan.FromSeconds(5), 256, 1 << 20), null, "key:alice", "why", DateTimeOffset.UnixEpoch);

    [Fact]
    public void Of_OrderWithoutMore_NamesWhoAndWhy()
    {
        var annotations = GrantMarks.Of(Order, DateTimeOffset.UnixEpoch).Annotations;

        Assert.Equal(("key:alice", "why"), (annotations["captureflow.io/requested-by"], annotations["captureflow.io/reason"]));
        Assert.False(annotations.ContainsKey("captureflow.io/approved-by"));
    }

    [Fact]
    public void Of_ApprovedOrderOfSomebodyWithAnId_NamesBothWithTheirIds()
    {
        var order = Order with { RequestedBy = "alice@example.com", RequesterId = "aad:t/a", Approval = new(true, "key:bob", "key:bob", "fine", DateTimeOffset.UnixEpoch) };

        var annotations = GrantMarks.Of(order, DateTimeOffset.UnixEpoch).Annotations;

        Assert.Equal(("alice@example.com (aad:t/a)", "key:bob"), (annotations["captureflow.io/requested-by"], annotations["captureflow.io/approved-by"]));
    }

    [Theory]
    [InlineData("a\u001b[31mb\r\nc", "a[31mbc")]
    [InlineData("al\u202Eice\u200B\u2028\uFEFF", "alice")]
    [InlineData("half \ud83d and whole \U0001F600", "half  and whole \U0001F600")]
    public void Of_HostileWords_NothingThatMovesOrTurnsTheWriting(string words, string expected)
    {
        var annotations = GrantMarks.Of(Order with { RequestedBy = words, Reason = words }, DateTimeOffset.UnixEpoch).Annotations;

        Assert.Equal((expected, expected), (annotations["captureflow.io/requested-by"], annotations["captureflow.io/reason"]));
    }

    [Fact]
    public void Of_WordsWithoutEnd_AreBoundedAndEndInAWholeCharacter()
    {
        var annotation = GrantMarks.Of(Order with { Reason = "x" + string.Concat(Enumerable.Repeat("\U0001F600", 2_000)) }, DateTimeOffset.UnixEpoch).Annotations["captureflow.io/reason"];

        Assert.Equal(499, annotation.Length);
        Assert.False(char.IsHighSurrogate(annotation[^1]));
    }
}
