namespace CaptureFlow.Orchestrations.Tests;

public sealed class CaptureFaultTests
{
    [Theory]
    [InlineData("token eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJpc3MiOiJrdWJlcm5ldGVzIn0.c2lnbmF0dXJl is invalid", "token [token] is invalid")]
    [InlineData("Authorization: Bearer abcDEF123-456_789 refused", "Authorization: Bearer [token] refused")]
    [InlineData("pods \"web\" is forbidden", "pods \"web\" is forbidden")]
    [InlineData("the bearer of bad news", "the bearer of bad news")]
    public void Detail_WhatLooksLikeAToken_IsTakenOut(string words, string kept)
    {
        Assert.Equal(kept, new CaptureFault("code", "message", "remedy", Detail: words).Detail);
    }

    [Fact]
    public void Detail_Long_IsCutAtItsBound()
    {
        var detail = new CaptureFault("code", "message", "remedy", Detail: new string('x', 5_000)).Detail!;

        Assert.Equal((1_000, 'x', '…'), (detail.Length, detail[998], detail[999]));
    }
}
