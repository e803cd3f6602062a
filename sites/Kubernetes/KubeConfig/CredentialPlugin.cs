using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Exceptions;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// A kubeconfig's <c>exec</c>: a program that prints a credential, run as client-go runs it (client.authentication.k8s.io): each argument whole, no shell,
/// nothing to ask on a terminal. What it prints lives in memory alone.
/// </summary>
internal sealed class CredentialPlugin(KubeConfigPlugin plugin, KubeConfigCluster cluster, TimeProvider time) : ITokenSource
{
    private const string Group = "client.authentication.k8s.io/";

    // A credential that does not say how long it lives; client-go keeps it until the server refuses it.
    private static readonly TimeSpan Unsaid = TimeSpan.FromMinutes(5);

    // Before its end; the server's clock may be ahead.
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);

    private Credential? _first;

    public string Name => $"exec {plugin.Command}";

    /// <summary>What is wrong with it, before it is run.</summary>
    /// <exception cref="KubeConfigException">It cannot be run.</exception>
    public static void Check(KubeConfigPlugin plugin)
    {
        if (string.IsNullOrWhiteSpace(plugin.Command))
        {
            throw new KubeConfigException("user.exec.command is missing");
        }

        if (plugin.ApiVersion is not (Group + "v1" or Group + "v1beta1"))
        {
            throw new KubeConfigException($"user.exec.apiVersion '{plugin.ApiVersion}' is not known; {Group}v1 and {Group}v1beta1 are");
        }

        if (plugin.InteractiveMode == "Always")
        {
            throw new KubeConfigException("user.exec.interactiveMode Always asks on a terminal, and there is none; use Never or IfAvailable");
        }
    }

    /// <summary>Runs it once, to learn what kind of credential it gives; the next <see cref="FetchAsync"/> takes this one if it is still good.</summary>
    /// <exception cref="KubeConfigException">It gave none.</exception>
    public Credential First(TimeSpan within)
    {
        using var cap = new CancellationTokenSource(within, time);
        try
        {
            // The client's configuration is loaded synchronously; this thread is one of a step.
            return _first = Task.Run(() => RunAsync(cap.Token), CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new KubeConfigException($"{Name}: no credential within {within.TotalSeconds:0} s");
        }
    }

    public async Task<AccessToken> FetchAsync(CancellationToken cancellationToken)
    {
        var credential = Interlocked.Exchange(ref _first, null) is { } first && (first.ExpiresAt is not { } end || time.GetUtcNow() + Early < end)
            ? first
            : await RunAsync(cancellationToken);
        var expires = credential.ExpiresAt ?? time.GetUtcNow() + Unsaid;
        return new(credential.Token ?? throw new KubeConfigException($"{Name} printed no token this time"), expires - Early, expires);
    }

    private async Task<Credential> RunAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(plugin.Command!) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in plugin.Args ?? [])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var variable in (plugin.Env ?? []).Where(variable => !string.IsNullOrEmpty(variable.Name)))
        {
            start.Environment[variable.Name!] = variable.Value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = Info().ToJsonString();
        using var process = Start(start);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? Read(await output) : throw new KubeConfigException($"{Name} ended with exit code {process.ExitCode}: {LastLine(await errors)}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new KubeConfigException($"{Name} cannot be run: {e.Message}{(string.IsNullOrEmpty(plugin.InstallHint) ? "" : $" ({LastLine(plugin.InstallHint)})")}", e);
        }
    }

    private JsonObject Info()
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (plugin.ProvideClusterInfo)
        {
            spec["cluster"] = new JsonObject
            {
                ["server"] = cluster.Server,
                ["tls-server-name"] = cluster.TlsServerName,
                ["certificate-authority-data"] = cluster.CertificateAuthorityData
                    ?? (cluster.CertificateAuthority is { Length: > 0 } file ? Convert.ToBase64String(File.ReadAllBytes(file)) : null),
                ["proxy-url"] = cluster.ProxyUrl,
                ["config"] = Json(cluster.Extensions?.Find(extension => extension.Name == Group + "exec")?.Extension),
            };
        }

        return new() { ["apiVersion"] = plugin.ApiVersion, ["kind"] = "ExecCredential", ["spec"] = spec };
    }

    private static JsonNode? Json(object? yaml) => yaml switch
    {
        null => null,
        IDictionary<object, object> map => new JsonObject(map.Select(item => KeyValuePair.Create($"{item.Key}", Json(item.Value)))),
        IEnumerable<object> list => new JsonArray([.. list.Select(Json)]),
        _ => JsonValue.Create($"{yaml}"),
    };

    private Credential Read(string output)
    {
        try
        {
            var answer = JsonNode.Parse(output)!.AsObject();
            var (version, kind) = ((string?)answer["apiVersion"], (string?)answer["kind"]);
            if (version != plugin.ApiVersion || kind != "ExecCredential")
            {
                throw new KubeConfigException($"{Name} was asked for an ExecCredential of {plugin.ApiVersion} and printed another kind or version");
            }

            var status = answer["status"];
            var (token, certificate, key) = ((string?)status?["token"], (string?)status?["clientCertificateData"], (string?)status?["clientKeyData"]);
            return string.IsNullOrEmpty(token) && (string.IsNullOrEmpty(certificate) || string.IsNullOrEmpty(key))
                ? throw new KubeConfigException($"{Name} printed neither a token nor a client certificate with its key")
                : new(token, certificate, key, (DateTimeOffset?)status!["expirationTimestamp"]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // Nothing of what it printed is repeated: a part of it is the credential.
            throw new KubeConfigException($"{Name} printed no ExecCredential in JSON");
        }
    }

    private static string LastLine(string text)
    {
        const int most = 300;
        var line = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it said nothing";
        return string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c).Take(most));
    }

    /// <summary>What it printed. A class, not a record: its values must not be printed.</summary>
    internal sealed class Credential(string? token, string? certificate, string? key, DateTimeOffset? expiresAt)
    {
        public string? Token { get; } = token;

        /// <summary>PEM.</summary>
        public string? Certificate { get; } = certificate;

        /// <summary>PEM.</summary>
        public string? Key { get; } = key;

        public DateTimeOffset? ExpiresAt { get; } = expiresAt;
    }
}
