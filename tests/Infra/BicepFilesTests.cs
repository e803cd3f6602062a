namespace CaptureFlow.Infra.Tests;

/// <summary>The files themselves: they compile, the linter has nothing to say, and they need nothing from elsewhere.</summary>
public sealed class BicepFilesTests
{
    public static TheoryData<string> BicepFiles => [.. InfraFolder.Files("bicep")];

    [Fact]
    public async Task Lint_EveryFile_SaysNothing()
    {
        var (exitCode, said) = await BicepCompiler.RunAsync(InfraFolder.Bicep, "lint", "--no-restore", "--pattern", "**/*.bicep");

        Assert.Equal("", said);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Lint_FileWithAFault_IsRefusedByTheConfiguration()
    {
        var folder = Directory.CreateTempSubdirectory("captureflow-bicep-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "fault.bicep"), "param neverUsed string\n");

        var (exitCode, said) = await BicepCompiler.RunAsync(
            folder.FullName, "lint", "fault.bicep", "--config", Path.Combine(InfraFolder.Bicep, "bicepconfig.json"));
        folder.Delete(recursive: true);

        Assert.Contains("Error no-unused-params", said, StringComparison.Ordinal);
        Assert.NotEqual(0, exitCode);
    }

    [Fact]
    public void ParameterFiles_AllOfThem_AreDeployedByTheTests()
    {
        Assert.Equal([$"{DeploymentFixture.Dev}.bicepparam", $"{DeploymentFixture.Prod}.bicepparam"], InfraFolder.Files("bicepparam"));
    }

    [Theory]
    [MemberData(nameof(BicepFiles))]
    public void File_Modules_AreAllInThisFolder(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(InfraFolder.Bicep, file));

        var modules = lines.Where(line => line.StartsWith("module ", StringComparison.Ordinal)).Select(line => line.Split('\'')[1]).ToList();

        Assert.All(modules, module => Assert.DoesNotContain(':', module));
        Assert.DoesNotContain(lines, line => line.StartsWith("extension ", StringComparison.Ordinal));
    }
}
