using System.Diagnostics;
using CaptureFlow.Sites.Gce;

namespace CaptureFlow.Sites.Tests.Gce;

public sealed class ShellWordsTests
{
    [Theory]
    [InlineData("sh")]
    [InlineData("bash")]
    public async Task Join_AnyWords_AreReadBackAsTheyAre(string shell)
    {
        string[] words = ["", " ", "'", "''", @"\'", "\"", "$HOME", "$(id)", "`id`", "a\nb\n", "*", "~", "-n", "; exit 3", "&", "ü☃", "!", "\t", @"\", "'; touch /tmp/x; '"];
        var start = new ProcessStartInfo(shell, ["-c", ShellWords.Join(["printf", @"%s\0", .. words])]) { RedirectStandardOutput = true };

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(words, output.Split('\0')[..^1]);
    }

    [Fact]
    public void Join_Nul_IsRefused() => Assert.Throws<ArgumentException>(() => ShellWords.Join(["a\0b"]));
}
