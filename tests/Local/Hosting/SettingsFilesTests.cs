using System.Diagnostics;
using CaptureFlow.Local.Hosting;

namespace CaptureFlow.Local.Tests.Hosting;

/// <summary>Which files of settings are read: never one that somebody else could have put there.</summary>
public sealed class SettingsFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-settings-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Find_NamedAndTheStateFolders_InThisOrder()
    {
        var (named, ofState) = (Write("mine.json"), Write("state/captureflow.json"));

        Assert.Equal([named, ofState], SettingsFiles.Find(named, At("state")));
    }

    [Fact]
    public void Find_NamedFileThatIsNotThere_IsRefused() =>
        Assert.Contains(At("nosuch.json"), Assert.Throws<HostRefusedException>(() => SettingsFiles.Find(At("nosuch.json"), At("state"))).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("g+w")]
    [InlineData("o+w")]
    public async Task Find_OthersMayWrite_IsRefusedAndTheRemedyWorks(string mode)
    {
        var file = Write("it's mine.json");
        await RunAsync("chmod", mode, file);

        var refusal = Assert.Throws<HostRefusedException>(() => SettingsFiles.Find(file, At("state")));

        Assert.Contains($"{file} can be written by others", refusal.Problem, StringComparison.Ordinal);
        await RunAsync("sh", "-c", refusal.Remedy["Make it your own: ".Length..]);
        Assert.Equal([file], SettingsFiles.Find(file, At("state")));
    }

    [Fact]
    public async Task Find_OfAnotherUser_IsRefused()
    {
        Needs.Root();
        var file = Write("theirs.json");
        await RunAsync("chown", "65534", file);

        var refusal = Assert.Throws<HostRefusedException>(() => SettingsFiles.Find(file, At("state")));

        Assert.Contains("belongs to another user", refusal.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Command_SettingsInItsWorkingFolder_AreReadOnlyWhenTheyAreNamed(bool named)
    {
        // A kubeconfig whose credential plugin leaves a trace: what anybody could do who may write in a folder that somebody works in.
        Write("kubeconfig", $$$$"""
            apiVersion: v1
            kind: Config
            current-context: it
            contexts: [{name: it, context: {cluster: it, user: it}}]
            clusters: [{name: it, cluster: {server: "https://127.0.0.1:1"}}]
            users: [{name: it, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: ["{{{{At("trace")}}}}"], interactiveMode: Never}}}]
            """);
        var settings = Write("captureflow.json", $$$$"""{"CaptureFlow": {"Cluster": {"KubeConfig": "{{{{At("kubeconfig")}}}}"}}}""");

        await AuditAsync(named ? ["--config", settings] : []);

        Assert.Equal(named, File.Exists(At("trace")));
    }

    private async Task AuditAsync(string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "captureflow-local.dll"), "audit", .. arguments])
        {
            WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        (start.Environment["HOME"], start.Environment["XDG_CONFIG_HOME"], start.Environment["XDG_STATE_HOME"]) = (At("home"), At("home"), At("home"));
        start.Environment.Remove("KUBECONFIG");
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.NotEqual(0, process.ExitCode);
        Assert.NotEqual("", await output + await errors);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private string Write(string name, string text = "{}")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
        return At(name);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
