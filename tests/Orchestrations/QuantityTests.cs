namespace CaptureFlow.Orchestrations.Tests;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0, "0 B", "0 bytes")]
    [InlineData(999, "999 B", "999 bytes")]
    [InlineData(1_000, "1.0 kB", "1,000 bytes (1.0 kB)")]
    // What would round to 1000.0 is one of the next unit.
    [InlineData(999_960, "1.0 MB", "999,960 bytes (1.0 MB)")]
    [InlineData(104_857_384, "104.9 MB", "104,857,384 bytes (104.9 MB)")]
    [InlineData(1L << 30, "1.1 GB", "1,073,741,824 bytes (1.1 GB)")]
    [InlineData(long.MaxValue, "9223372.0 TB", "9,223,372,036,854,775,807 bytes (9223372.0 TB)")]
    public void Size_InWords_IsRoundedOrExact(long bytes, string rounded, string exact) =>
        Assert.Equal((rounded, exact), (Quantity.Of(bytes), Quantity.Exact(bytes)));

    [Theory]
    [InlineData(0, "0 packets")]
    [InlineData(1, "1 packet")]
    [InlineData(12_345, "12,345 packets")]
    public void Count_HasItsPlural(long count, string words) => Assert.Equal(words, Quantity.Count(count, "packet"));
}
