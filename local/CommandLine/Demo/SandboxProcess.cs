using System.Collections.Concurrent;
using System.Diagnostics;
using CaptureFlow.Local.Hosting;

namespace CaptureFlow.Local.CommandLine;

/// <summary>
/// The sandbox cluster as a child process. It ends, and takes down every process and namespace of its pods, when its standard input closes:
/// also when this process is killed.
/// </summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    /// <summary>Set by the script: where the sandbox was built.</summary>
    public const string PathVariable = "CAPTUREFLOW_SANDBOX";

    /// <summary>Set by the script: the folder infra/kubernetes.</summary>
    public const string ManifestsVariable = "CAPTUREFLOW_MANIFESTS";

    private const int LinesKept = 30;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly string _folder;
    private readonly ConcurrentQueue<string> _said = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SandboxProcess(Process process, string folder)
    {
        _process = process;
        _folder = folder;
        process.OutputDataReceived += (_, line) => Hear(line.Data, output: true);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, output: false);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>CaptureFlow's own identity in the sandbox, with the rights of the shipped manifests and no others.</summary>
    public string Kubeconfig => Path.Combine(_folder, "captureflow.kubeconfig");

    /// <summary>Starts it with the shop, and returns once its pods run.</summary>
    /// <param name="folder">For its files; the caller removes it.</param>
    /// <param name="cancellationToken">Ends the sandbox again.</param>
    /// <exception cref="HostRefusedException">It did not start.</exception>
    public static async Task<SandboxProcess> StartAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        SandboxProcess sandbox = new(Process.Start(StartInfo(folder))!, folder);
        try
        {
            await sandbox._ready.Task.WaitAsync(StartPatience, cancellationToken);
            return sandbox;
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            await sandbox.DisposeAsync();
            throw new HostRefusedException(
                $"The sandbox cluster did not start: {string.Join('\n', sandbox._said)}",
                "It needs root (for network namespaces) and tcpdump. With a cluster of your own: captureflow demo --context NAME.");
        }
        catch
        {
            await sandbox.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            using CancellationTokenSource patience = new(EndPatience);
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // It hangs in its own clean-up. Its pods' processes end with it.
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string folder)
    {
        var (assembly, manifests) = (Find(PathVariable, "sandbox/bin/Release/net10.0/captureflow-sandbox.dll"), Find(ManifestsVariable, "infra/kubernetes"));
        string[] applied =
        [
            .. Directory.GetFiles(Path.Combine(manifests, "base"), "*.yaml").Concat(Directory.GetFiles(Path.Combine(manifests, "node"), "*.yaml")).Where(file => Path.GetFileName(file) != "kustomization.yaml").Order(StringComparer.Ordinal),
            Path.Combine(manifests, "all-namespaces", "binding.yaml"),
        ];

        // In a session of its own: Ctrl-C on the terminal reaches every process of the group, and the cluster must outlive the revoke.
        return new(
            "setsid",
            [Environment.ProcessPath ?? "dotnet", assembly, "serve", "--scenario", "shop", "--folder", folder, "--until-stdin-closes", .. applied.SelectMany(file => (string[])["--apply", file])])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static string Find(string variable, string inCheckout)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set)
        {
            return set;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, inCheckout) is var path && Path.Exists(path))
            {
                return path;
            }
        }

        throw new HostRefusedException($"'{inCheckout}' of the checkout is not here.", "Run the demo with the script 'captureflow' of the checkout, which builds it.");
    }

    private void Hear(string? line, bool output)
    {
        if (line is null)
        {
            if (output)
            {
                _ready.TrySetException(new InvalidOperationException("The sandbox ended."));
            }

            return;
        }

        if (output && line.StartsWith("{\"ready\":true", StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }

        _said.Enqueue(line);
        while (_said.Count > LinesKept)
        {
            _said.TryDequeue(out _);
        }
    }
}
