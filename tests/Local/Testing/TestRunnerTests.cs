using System.Diagnostics;

namespace CaptureFlow.Local.Tests.Testing;

/// <summary>The runner of the test command, with an SDK whose test assemblies report what a script tells them to.</summary>
public sealed class TestRunnerTests : IDisposable
{
    // Writes the next of the reports that lie beside the assembly, and notes what it was called with.
    private const string Sdk = """
        #!/bin/sh
        assembly=$1 && shift
        echo "$*" >>"$assembly.calls"
        n=$(wc -l <"$assembly.calls")
        while [ $# -gt 0 ]; do [ "$1" = -result-xml ] && report=$2; shift; done
        echo "$(basename "$assembly") says something in passing"
        [ ! -f "$assembly.$n.xml" ] || cp "$assembly.$n.xml" "$report"
        [ ! -f "$assembly.$n.xml" ] || ! grep -q 'result="Fail"' "$assembly.$n.xml"
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("captureflow-runner-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_AllPass_AddsUpAndKeepsWhatIsPrintedInFiles()
    {
        Report("A", 1, Test("One", "Pass"), Test("Two", "Pass"));
        Report("B", 1, Test("Three", "Pass"), Test("Four", "Skip", "<reason>no cluster</reason>"));

        var (code, output) = await RunAsync("A", "B");

        Assert.Equal(0, code);
        Assert.EndsWith("\n3 passed, 0 failed, 1 skipped\n", output, StringComparison.Ordinal);
        Assert.Contains("\nSKIPPED: 1, no cluster: Kind 1\n", output, StringComparison.Ordinal);
        Assert.Contains("The slowest classes", output, StringComparison.Ordinal);
        Assert.DoesNotContain("in passing", output, StringComparison.Ordinal);
        Assert.Contains("in passing", await File.ReadAllTextAsync(Path.Combine(_folder, "results", "A.log")), StringComparison.Ordinal);
        Assert.Contains("Skipped\t0.500\tB\tSome.Kind.Four\tno cluster", await File.ReadAllLinesAsync(Path.Combine(_folder, "results", "results.tsv")));
    }

    [Fact]
    public async Task Run_FailsAndPassesAlone_IsFlakyAndCountsAsPassed()
    {
        Report("A", 1, Test("Row(text: \\&quot;a\\&quot;)", "Fail", Failure("it was late\n  at Some.Kind")), Test("Two", "Pass"));
        Report("A", 2, Test("Row(text: \\&quot;a\\&quot;)", "Pass"));

        var (code, output) = await RunAsync("A");

        Assert.Equal(0, code);
        Assert.Contains("\nFLAKY: Some.Kind.Row(text: \"a\"): it was late\n", output, StringComparison.Ordinal);
        Assert.EndsWith("\n2 passed, 0 failed, 0 skipped\n", output, StringComparison.Ordinal);
        Assert.EndsWith("-preEnumerateTheories -displayName Some.Kind.Row(text: \"a\")", (await CallsAsync("A"))[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RowThatIsNotFoundAlone_RunsItsMethod()
    {
        Report("A", 1, Test("Row(x: {})", "Fail", Failure("late")));
        Report("A", 2);
        Report("A", 3, Test("Row(x: {})", "Pass"));

        var (code, output) = await RunAsync("A");

        Assert.True(code == 0, output);
        Assert.EndsWith("-method Some.Kind.Method", (await CallsAsync("A"))[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FailsTwice_IsNamedWithItsMessage()
    {
        Report("A", 1, Test("One", "Fail", Failure("it is \\\"broken\\\"")));
        Report("A", 2, Test("One", "Fail", Failure("it is broken")));

        var (code, output) = await RunAsync("A");

        Assert.Equal(1, code);
        Assert.EndsWith("\nFAILED: Some.Kind.One: it is \"broken\"\n\n0 passed, 1 failed, 0 skipped\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ThreeFlaky_Fails()
    {
        Report("A", 1, Test("One", "Fail", Failure("late")), Test("Two", "Fail", Failure("late")), Test("Three", "Fail", Failure("late")));
        Report("A", 2, Test("One", "Pass"));
        Report("A", 3, Test("Two", "Pass"));
        Report("A", 4, Test("Three", "Pass"));

        var (code, output) = await RunAsync("A");

        Assert.Equal(1, code);
        Assert.EndsWith("FAILED: 3 tests were flaky, and at most 2 may be\n\n3 passed, 1 failed, 0 skipped\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MoreFailThanChanceExplains_RunsNoneAgain()
    {
        Report("A", 1, [.. Enumerable.Range(0, 40).Select(i => Test($"T{i}", "Fail", Failure("broken")))]);

        var (code, output) = await RunAsync("A");

        Assert.Equal(1, code);
        Assert.Single(await CallsAsync("A"));
        Assert.Contains("FAILED: … and 15 more", output, StringComparison.Ordinal);
        Assert.EndsWith("\n0 passed, 40 failed, 0 skipped\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "A ended with exit code 0 and no report: A.Tests.dll says something in passing")]
    [InlineData("<assemblies><assembly>", "A ended with exit code 0 and half a report: A.Tests.dll says something in passing")]
    [InlineData("<assemblies><assembly/></assemblies>", "no test was run")]
    [InlineData(
        """<assemblies><assembly><errors><error type="fatal" name="clean-up"><failure><message>it threw</message></failure></error></errors><test name="N" result="Pass" time="1" type="T" method="M"/></assembly></assemblies>""",
        "A, clean-up: it threw")]
    public async Task Run_WithoutAWholeReport_FailsAndSaysWhy(string? report, string why)
    {
        if (report is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, "A.Tests.dll.1.xml"), report);
        }

        var (code, output) = await RunAsync("A");

        Assert.Equal(1, code);
        Assert.Contains($"\nFAILED: {why}\n", output, StringComparison.Ordinal);
    }

    private static string Test(string name, string result, string inner = "") =>
        $"""<test name="Some.Kind.{name}" type="Some.Kind" method="Method" result="{result}" time="0.5">{inner}</test>""";

    private static string Failure(string message) => $"<failure><message><![CDATA[{message}]]></message></failure>";

    private void Report(string project, int call, params string[] tests) => File.WriteAllText(
        Path.Combine(_folder, $"{project}.Tests.dll.{call}.xml"), $"<assemblies><assembly>{string.Concat(tests)}</assembly></assemblies>");

    private Task<string[]> CallsAsync(string project) => File.ReadAllLinesAsync(Path.Combine(_folder, $"{project}.Tests.dll.calls"));

    private async Task<(int Code, string Output)> RunAsync(params string[] projects)
    {
        var sdk = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "sdk")).FullName, "dotnet");
        await File.WriteAllTextAsync(sdk, Sdk);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(sdk, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        ProcessStartInfo start = new(
            Environment.ProcessPath!,
            [Path.Combine(AppContext.BaseDirectory, "captureflow-tests.dll"), Path.Combine(_folder, "results"), .. projects.Select(name => Path.Combine(_folder, $"{name}.Tests.dll"))])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = $"{Path.GetDirectoryName(sdk)}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
