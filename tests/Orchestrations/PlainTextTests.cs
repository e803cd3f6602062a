namespace CaptureFlow.Orchestrations.Tests;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("incident 42: checkout slow")]
    [InlineData("café, 遅い, 🦈")]
    [InlineData("")]
    public void IsReadable_WhatPeopleWrite_True(string text) => Assert.True(PlainText.IsReadable(text));

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("esc\u001b[31m")]
    [InlineData("turned \u202e round")]
    [InlineData("mark\u200f")]
    [InlineData("zero\u200bwidth")]
    [InlineData("\ufeffmark")]
    [InlineData("line\u2028separator")]
    [InlineData("paragraph\u2029separator")]
    [InlineData("tag\U000E0041")]
    public void IsReadable_WhatIsHiddenOrTurnsTheText_False(string text) => Assert.False(PlainText.IsReadable(text));

    [Fact]
    public void IsReadable_HalfASurrogatePair_False() => Assert.False(PlainText.IsReadable("x" + (char)0xD83E));
}
