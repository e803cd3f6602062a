using CaptureFlow.Functions.Api;
using CaptureFlow.Local.CommandLine;
using CsCheck;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class WordingTests
{
    [Fact]
    public void OfDuration_BelowAMinute_ReadsBackAsTheSame() =>
        Gen.Int[0, 59_999].Sample(milliseconds =>
            Quantities.TryParseDuration(Wording.Of(TimeSpan.FromMilliseconds(milliseconds)), out var read)
            && Math.Abs(read.TotalMilliseconds - milliseconds) < 0.001);

    [Fact]
    public void OfBytes_AnySize_ReadsBackWithinItsThreeDigits() =>
        Gen.Long[0, 999_000_000_000].Sample(bytes =>
            Quantities.TryParseSize(Wording.Of(bytes), out var read) && Math.Abs(read - bytes) <= Math.Max(0, bytes * 0.051));

    [Theory]
    [InlineData(90, "1m30s")]
    [InlineData(300, "5m")]
    [InlineData(4_800, "1h20m")]
    public void OfDuration_FromAMinuteOn_LargestUnitFirst(int seconds, string expected) =>
        Assert.Equal(expected, Wording.Of(TimeSpan.FromSeconds(seconds)));
}
