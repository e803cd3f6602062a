using System.Diagnostics;

namespace CaptureFlow.Local.Tests.CommandLine;

/// <summary>
/// What the script <c>captureflow</c> does about missing Debian packages, with a list, an <c>id</c> and an <c>apt-get</c> of the test's own.
/// </summary>
public sealed class EntryScriptPackagesTests : IDisposable
{
    private const string List =
        "# a comment\nalpha\talpha-tool\tdemo,test\t-\nthere\tsh,cat\tdemo,test\t-\n" +
        "beta\tsh,beta-tool\ttest\tservice\ngamma\tgamma-tool\ttest\t-\n";

    /// <summary>Notes its arguments, and whether a policy forbids to start services; installs what it is told to.</summary>
    private const string AptGet = """
        #!/bin/bash
        folder=${0%/*}
        echo "$*$([[ ! -e $folder/policy ]] || echo ' (no services)')" >>"$folder/calls"
        [[ $1 == install ]] || exit 0
        if [[ -e $folder/broken ]]; then echo 'reading'; echo 'E: no such package' >&2; exit 100; fi
        for package in "${@:2}"; do
            [[ $package == -* ]] || { printf '#!/bin/sh\n' >"$folder/$package-tool"; chmod 755 "$folder/$package-tool"; }
        done
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("captureflow-script-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Test_RootOnAMachineForTests_AllThatIsMissingIsInstalledInOneCallAndNoServiceStarts()
    {
        var (code, said) = await RunAsync("require_tools test", root: true, ci: true);

        Assert.Equal(0, code);
        Assert.Equal(["captureflow: installing alpha beta gamma…"], said);
        Assert.Equal(["update -qq (no services)", "install -y -qq --no-install-recommends alpha beta gamma (no services)"], Calls());
        Assert.False(File.Exists(Path.Combine(_folder, "bin", "policy")));
    }

    [Fact]
    public async Task Test_RootElsewhere_WhatStartsNoServiceIsInstalledAndTheRestPrinted()
    {
        var (code, said) = await RunAsync("require_tools test", root: true, ci: false);

        Assert.Equal(0, code);
        Assert.Equal(
            [
                "captureflow: installing alpha gamma…",
                "captureflow: missing: beta. Install with:  sudo apt-get install -y --no-install-recommends beta",
                "captureflow: going on without beta: the tests that need it are skipped by name",
            ],
            said);
        Assert.Equal(2, Calls().Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Test_NotRoot_OneCommandIsPrinted(bool ci)
    {
        var (code, said) = await RunAsync("require_tools test", root: false, ci);

        Assert.Equal(0, code);
        Assert.Single(said, line => line.EndsWith("sudo apt-get install -y --no-install-recommends alpha beta gamma", StringComparison.Ordinal));
        Assert.Empty(Calls());
    }

    [Fact]
    public async Task Test_AptGetFails_SaysWhyAndGoesOnByName()
    {
        await WriteAsync("broken", "");

        var (code, said) = await RunAsync("require_tools test", root: true, ci: true);

        Assert.Equal(0, code);
        Assert.Contains("captureflow: apt-get failed: E: no such package", said);
        Assert.Contains("captureflow: going on without alpha beta gamma: the tests that need it are skipped by name", said);
        Assert.False(File.Exists(Path.Combine(_folder, "bin", "policy")));
    }

    [Fact]
    public async Task Demo_SomethingIsMissing_IsInstalledByRootAndRefusedToOthers()
    {
        var (refused, said) = await RunAsync("require_tools", root: false, ci: false);
        var (installed, _) = await RunAsync("require_tools", root: true, ci: false);

        Assert.Equal((1, 0), (refused, installed));
        Assert.Equal(["captureflow: missing: alpha. Install with:  sudo apt-get install -y --no-install-recommends alpha"], said);
        Assert.EndsWith(" alpha (no services)", Calls()[^1], StringComparison.Ordinal);
    }

    private string[] Calls()
    {
        var calls = Path.Combine(_folder, "bin", "calls");
        return File.Exists(calls) ? File.ReadAllLines(calls) : [];
    }

    /// <summary>Runs one function of the script, without the command at its end.</summary>
    private async Task<(int Code, string[] Said)> RunAsync(string function, bool root, bool ci)
    {
        var script = await File.ReadAllTextAsync(EntryScriptTests.Script());
        Assert.Contains("\ncommand=", script, StringComparison.Ordinal);
        Assert.Contains("/usr/sbin/policy-rc.d", script, StringComparison.Ordinal);
        script = script[..script.IndexOf("\ncommand=", StringComparison.Ordinal)]
            .Replace("/usr/sbin/policy-rc.d", Path.Combine(_folder, "bin", "policy"), StringComparison.Ordinal);
        var functions = Path.Combine(_folder, "captureflow");
        await File.WriteAllTextAsync(functions, $"{script}\n{function}\n");
        Directory.CreateDirectory(Path.Combine(_folder, "tests"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "tests", "debian-packages.tsv"), List);
        await WriteAsync("apt-get", AptGet);
        await WriteAsync("id", $"#!/bin/sh\necho {(root ? 0 : 1000)}\n");

        ProcessStartInfo start = new("bash", [functions]) { RedirectStandardError = true };
        start.Environment["PATH"] = $"{Path.Combine(_folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["CI"] = ci ? "true" : "";
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private async Task WriteAsync(string name, string text)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName, name);
        await File.WriteAllTextAsync(file, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
