namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>
/// The table of faults: after each, at most one grant and one container were ever made, none of it lives, what was fetched is kept and verified, the verdict
/// says what is missing, and the capture has ended.
/// </summary>
public sealed class FaultSuiteTests(FaultLab lab, ITestOutputHelper output) : IClassFixture<FaultLab>
{
    public static TheoryData<string> Names() => [.. FaultTable.Chosen().Select(it => it.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Capture_UnderAFault_ComesToWhatTheTableSays(string name)
    {
        var result = await lab.ResultOfAsync(name);

        output.WriteLine($"{result.Ended} after {result.Seconds:0.0} s");
        Assert.True(result.Broken is null, result.Broken);
    }

    [Fact]
    public void CommittedReport_NamesEveryCaseInTheSameWords()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "docs", "faults.md"));

        var held = lines.Where(line => line.EndsWith("| yes |", StringComparison.Ordinal)).ToList();
        Assert.All(FaultTable.All, it => Assert.Contains(held, line => line.StartsWith(FaultReport.Row(it), StringComparison.Ordinal)));
        Assert.Equal(FaultTable.All.Count, held.Count);
        Assert.True(FaultTable.All.Count >= 60);
    }
}
