using System.Diagnostics;

namespace CaptureFlow.Azurite;

/// <summary>
/// Azurite as a child process, on a free port of loopback, with a folder of its own. Installed by <c>npm ci</c> in tests/Azurite, which
/// <c>./captureflow test</c> does; a test that needs it is skipped where it is not there.
/// </summary>
internal sealed class AzuriteServer : IAsyncDisposable
{
    /// <summary>Its one account, the same on every machine and public; an endpoint has to be added.</summary>
    public const string ConnectionString =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private const string Script = "node_modules/azurite/dist/src/blob/main.js";
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _folder;

    private AzuriteServer(Process process, string folder, Uri serviceUri)
    {
        (_process, _folder, ServiceUri) = (process, folder, serviceUri);
    }

    /// <summary>The endpoint of its well-known account.</summary>
    public Uri ServiceUri { get; }

    /// <summary>Skips the test where there cannot be one.</summary>
    public static async Task<AzuriteServer> StartAsync()
    {
        var script = Path.Combine(ProjectFolder(), "tests", "Azurite", Script);
        Needs.Packages("nodejs");
        Needs.InstalledBy("npm", script, "Azurite: npm ci in tests/Azurite");
        var folder = Directory.CreateTempSubdirectory("captureflow-azurite-").FullName;
        var start = new ProcessStartInfo(
            "node",
            [script, "--location", folder, "--blobHost", "127.0.0.1", "--blobPort", "0", "--skipApiVersionCheck", "--silent", "--disableTelemetry"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        var process = Process.Start(start)!;
        try
        {
            return new(process, folder, await ListeningAsync(process));
        }
        catch
        {
            process.Kill();
            process.Dispose();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<Uri> ListeningAsync(Process process)
    {
        const string Says = "successfully listens on ";
        using var deadline = new CancellationTokenSource(StartWithin);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.IndexOf(Says, StringComparison.Ordinal) is >= 0 and var at)
            {
                // Read on for ever, so that its output never fills the pipe.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return new($"{line[(at + Says.Length)..].Trim().TrimEnd('/')}/devstoreaccount1");
            }
        }

        throw new InvalidOperationException($"Azurite ended before it listened, with exit code {(process.HasExited ? process.ExitCode : -1)}.");
    }

    private static string ProjectFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CaptureFlow.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("CaptureFlow.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
