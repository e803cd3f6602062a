using System.Security.Cryptography;
using CaptureFlow.Sandbox.Rbac;

namespace CaptureFlow.Sandbox;

/// <summary>
/// A pretend cluster in this process: the API over HTTPS on loopback, containers as real processes. Disposal ends everything; so does the
/// end of this process, however it comes.
/// </summary>
public sealed class SandboxCluster : IAsyncDisposable
{
    private readonly SandboxParts _parts;
    private int _disposed;

    private SandboxCluster(SandboxParts parts, string folder)
    {
        (_parts, Folder) = (parts, folder);
    }

    /// <value>The API's address, such as <c>https://127.0.0.1:38211</c>.</value>
    public string Server => _parts.Server.Address;

    /// <value>The folder with the kubeconfig files.</value>
    public string Folder { get; }

    /// <value>Path of the kubeconfig of a cluster administrator (client certificate, group system:masters).</value>
    public string AdminKubeconfig => Path.Combine(Folder, "admin.kubeconfig");

    /// <value>Path of the kubeconfig of CaptureFlow's own identity (bearer token); it has the rights that manifests bind to it.</value>
    public string CaptureFlowKubeconfig => Path.Combine(Folder, "captureflow.kubeconfig");

    /// <value>Path of the kubeconfig of a user without rights (bearer token).</value>
    public string NobodyKubeconfig => Path.Combine(Folder, "nobody.kubeconfig");

    /// <value>The process id of the node's init, under which every container lives.</value>
    public int NodeProcessId => _parts.Node.Id;

    /// <summary>
    /// Starts a cluster and returns when its scenario is ready. Needs root and the tools of <see cref="Requirements.Fault"/>. On failure
    /// or cancellation nothing is left behind.
    /// </summary>
    /// <exception cref="InvalidOperationException">The machine lacks something, or the scenario did not become ready in time.</exception>
    public static async Task<SandboxCluster> StartAsync(SandboxOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Requirements.Fault() is { } fault)
        {
            throw new InvalidOperationException(fault);
        }

        var folder = options.Folder ?? Directory.CreateTempSubdirectory("captureflow-sandbox-").FullName;
        var parts = await SandboxParts.StartAsync(options, options.Folder is null ? folder : "", cancellation);
        var cluster = new SandboxCluster(parts, folder);
        try
        {
            cluster.WriteKubeconfigs(options);
            await parts.SetUpAsync(options, cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the API, every container and the node, and removes its kubeconfigs, and the folder if it was made here. Safe to call twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _parts.DisposeAsync();
        // In a folder of the caller's: they are credentials of a cluster that is no more.
        foreach (var file in (string[])[AdminKubeconfig, CaptureFlowKubeconfig, NobodyKubeconfig])
        {
            if (File.Exists(file))
            {
                File.Delete(file);
            }
        }
    }

    private void WriteKubeconfigs(SandboxOptions options)
    {
        Directory.CreateDirectory(Folder);
        var (certificate, key) = _parts.Authority.IssueClient("admin", UserInfo.Masters);
        var kubeconfig = new Kubeconfig(Server, _parts.Authority.RootPem);
        kubeconfig.Write(AdminKubeconfig, "admin", Kubeconfig.Certificate(certificate, key));
        WriteTokenUser(kubeconfig, NobodyKubeconfig, UserInfo.Person("nobody"), "nobody");
        var captureFlow = UserInfo.AccountOf(options.CaptureFlowUser) is var (space, name)
            ? UserInfo.ServiceAccount(space, name, "")
            : UserInfo.Person(options.CaptureFlowUser);
        WriteTokenUser(kubeconfig, CaptureFlowKubeconfig, captureFlow, "captureflow");
    }

    private void WriteTokenUser(Kubeconfig kubeconfig, string path, UserInfo user, string name)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        _parts.Authenticator.AddToken(token, user);
        kubeconfig.Write(path, name, Kubeconfig.Token(token));
    }
}
