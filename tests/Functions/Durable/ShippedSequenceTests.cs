namespace CaptureFlow.Functions.Tests.Durable;

/// <summary>
/// An orchestrator that has been shipped keeps its sequence of calls for ever: instances that started with it are replayed by it. The
/// sequences are in Shipped/, one file for each path.
/// </summary>
public sealed class ShippedSequenceTests
{
    public static TheoryData<string> Runs => [.. ShippedRuns.Names];

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Run_Path_MakesTheCallsItShippedWith(string run)
    {
        var file = Repository.Path("tests", "Functions", "Durable", "Shipped", $"{run}.txt");
        var shipped = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";

        var calls = string.Concat((await ShippedRuns.RunAsync(run)).Calls.Select(call => $"{call}\n"));

        Assert.True(
            shipped == calls,
            $"""
             {run.Split('.')[0]} no longer makes the calls of {Path.GetFileName(file)}. An instance under way that is replayed by the new code would
             fail with a nondeterminism error, between its grant and its revoke. Released: leave the orchestrator as it is, write the new sequence
             as {run.Split('.')[0]}V2, start new instances with that, and add its own files. Not released yet: put these lines into the file.

             {calls}
             """);
    }

    [Fact]
    public void Shipped_EveryFile_IsAPathThatIsRun()
    {
        var files = Directory.GetFiles(Repository.Path("tests", "Functions", "Durable", "Shipped")).Select(Path.GetFileNameWithoutExtension);

        Assert.Equal(ShippedRuns.Names.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }
}
