using CaptureFlow.Functions.Captures;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>Who may wait for a change, and who is answered at once.</summary>
public sealed class LongPollsTests
{
    // A letter is a caller that wants to wait, a minus before it one that stops waiting; + is a place, - is none.
    [Theory]
    [InlineData("a a a a", "++++")]
    [InlineData("a a a a a a", "++++--")]
    [InlineData("a a a a a b", "++++-+")]
    [InlineData("a a a a A", "+++++")]
    [InlineData("a a a a b b b b c", "++++++++-")]
    [InlineData("a b c d e f g h i a", "++++++++--")]
    [InlineData("a a a a -a a a", "+++++-")]
    [InlineData("a a a a b b b b -a c b a", "+++++++++--")]
    [InlineData("a a a a b b b b -b -b c d e", "++++++++++-")]
    public void TryTake_TableOfCallers_AFewForEachAndSomeInAll(string callers, string places)
    {
        LongPolls polls = new();
        List<(string Caller, IDisposable Place)> taken = [];
        var answers = "";

        foreach (var step in callers.Split(' '))
        {
            if (step is ['-', .. var gone])
            {
                var held = taken.First(held => held.Caller == gone);
                taken.Remove(held);
                held.Place.Dispose();
                // Given back once, however often it is disposed.
                held.Place.Dispose();
            }
            else if (polls.TryTake(step) is { } place)
            {
                taken.Add((step, place));
                answers += "+";
            }
            else
            {
                answers += "-";
            }
        }

        Assert.Equal(places, answers);
    }
}
