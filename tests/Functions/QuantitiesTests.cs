using CaptureFlow.Functions.Api;
using CsCheck;

namespace CaptureFlow.Functions.Tests;

public sealed class QuantitiesTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("30s", 30)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7200)]
    [InlineData("PT30S", 30)]
    [InlineData("P1D", 86400)]
    [InlineData("8.081s", 8.081)]
    [InlineData("1m30s", 90)]
    [InlineData("1h0m1.5s", 3601.5)]
    [InlineData("1s500ms", 1.5)]
    public void TryParseDuration_KnownForms_Seconds(string text, double seconds)
    {
        var parsed = Quantities.TryParseDuration(text, out var duration);

        Assert.True(parsed);
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1e9s")]
    [InlineData("999999999h")]
    [InlineData("-PT1S")]
    [InlineData("P")]
    [InlineData("30 s")]
    [InlineData("30s1m")]
    [InlineData("1m1m")]
    [InlineData("1m30")]
    [InlineData("7x1s")]
    [InlineData("168h1s")]
    public void TryParseDuration_AnythingElse_False(string text) => Assert.False(Quantities.TryParseDuration(text, out _));

    [Theory]
    [InlineData("1048576", 1_048_576)]
    [InlineData("100MB", 100_000_000)]
    [InlineData("64MiB", 64L << 20)]
    [InlineData("1.5 GiB", 3L << 29)]
    [InlineData("12 B", 12)]
    [InlineData("100Mi", 100L << 20)]
    [InlineData("1Gi", 1L << 30)]
    [InlineData("5k", 5_000)]
    [InlineData("2M", 2_000_000)]
    public void TryParseSize_KnownForms_Bytes(string text, long expected)
    {
        var parsed = Quantities.TryParseSize(text, out var bytes);

        Assert.True(parsed);
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("MB")]
    [InlineData("-1")]
    [InlineData("1TB")]
    [InlineData("1e3")]
    [InlineData("99999999999 GiB")]
    public void TryParseSize_AnythingElse_False(string text) => Assert.False(Quantities.TryParseSize(text, out _));

    [Fact]
    public void TryParse_AnyText_NeverThrows() =>
        Gen.String.Sample(text => Quantities.TryParseDuration(text, out _) | Quantities.TryParseSize(text, out _) | true);
}
