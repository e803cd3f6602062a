using CsCheck;

namespace CaptureFlow.Orchestrations.Tests;

public sealed class CaptureIdsTests
{
    [Fact]
    public void New_Always_IsValidDnsLabelAndFresh()
    {
        var ids = Enumerable.Range(0, 1_000).Select(_ => CaptureIds.New()).ToHashSet();

        Assert.Equal(1_000, ids.Count);
        Assert.All(ids, id => Assert.True(CaptureIds.IsValid(id) && DnsNames.IsLabel(id)));
    }

    [Fact]
    public void FromKey_AnyKey_ValidAndTheSameAgain() =>
        Gen.String.Sample(key => CaptureIds.IsValid(CaptureIds.FromKey(key)) && CaptureIds.FromKey(key) == CaptureIds.FromKey(key));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("cf-")]
    [InlineData("cf-000000000000000")]
    [InlineData("cf-00000000000000000")]
    [InlineData("cf-000000000000000I")]
    [InlineData("xf-0000000000000000")]
    [InlineData("cf-../../../../etc/")]
    public void IsValid_NotAnId_False(string? id) => Assert.False(CaptureIds.IsValid(id));
}
