using CaptureFlow.Functions.Triage;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Tests.Triage;

public sealed class TriageFormatTests
{
    [Theory]
    [InlineData(null, "triage.json")]
    [InlineData("*/*", "triage.json")]
    [InlineData("application/json", "triage.json")]
    [InlineData("text/html, */*", "triage.json")]
    [InlineData("text/markdown", "triage.md")]
    [InlineData("text/markdown, */*", "triage.md")]
    [InlineData("text/markdown;q=0.5, application/json", "triage.json")]
    [InlineData("application/json;q=0.5, text/markdown", "triage.md")]
    [InlineData("application/json, text/markdown", "triage.json")]
    [InlineData("text/markdown;q=0", "triage.json")]
    [InlineData(";;;", "triage.json")]
    public void FileName_ByAccept_JsonUnlessMarkdownIsPreferred(string? accept, string expected)
    {
        DefaultHttpContext http = new();
        http.Request.Headers.Accept = accept;

        Assert.Equal(expected, TriageFormat.FileName(http.Request));
    }
}
