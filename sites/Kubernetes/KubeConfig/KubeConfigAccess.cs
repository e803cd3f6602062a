using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.Authentication;
using k8s.Exceptions;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Turns what a context means into the way to its cluster. Every field that says as whom, or by which way, is heeded or refused by name.</summary>
internal static class KubeConfigAccess
{
    // A plugin may have to ask an identity provider, and to wait for a person's browser not at all.
    private static readonly TimeSpan PluginWithin = TimeSpan.FromSeconds(60);

    /// <exception cref="KubeConfigException">It cannot be used; names file and field.</exception>
    public static ClusterAccess Of(KubeConfigChoice choice, TimeProvider time, ILogger logger)
    {
        try
        {
            Check(choice);
            var configuration = new KubernetesClientConfiguration
            {
                Host = Server(choice.Cluster),
                SslCaCerts = Authority(choice.Cluster),
                TlsServerName = string.IsNullOrEmpty(choice.Cluster.TlsServerName) ? null : choice.Cluster.TlsServerName,
            };
            Identify(configuration, choice, time, logger);
            return new(configuration, ProxyChoice.Of(choice.Cluster.ProxyUrl), Impersonation.Of(choice.User));
        }
        catch (Exception e) when (e is KubeConfigException or IOException or UnauthorizedAccessException or CryptographicException or FormatException)
        {
            throw new KubeConfigException($"{choice.Files}: {e.Message}", e);
        }
    }

    /// <summary>Throws as <see cref="Of"/> does, but runs no credential plugin and reads no file.</summary>
    public static void Check(KubeConfigChoice choice)
    {
        Server(choice.Cluster);
        ProxyChoice.Of(choice.Cluster.ProxyUrl);
        Impersonation.Of(choice.User);
        if (choice.User.Exec is { } plugin)
        {
            CredentialPlugin.Check(plugin);
        }

        if (choice.User.AuthProvider is { Name: not "oidc" } provider)
        {
            throw new KubeConfigException($"user.auth-provider '{provider.Name}': kubectl has taken it out in 1.26; use an exec plugin such as kubelogin or gke-gcloud-auth-plugin");
        }
    }

    private static string Server(KubeConfigCluster cluster)
    {
        if (!Uri.TryCreate(cluster.Server, UriKind.Absolute, out var server) || server.Scheme is not ("https" or "http"))
        {
            throw new KubeConfigException($"cluster.server '{cluster.Server}' is no address of an API server; write https://HOST:PORT");
        }

        // "Any address" is where a server listens; a client means this machine by it.
        return IPAddress.TryParse(server.Host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(server) { Host = address.Equals(IPAddress.Any) ? $"{IPAddress.Loopback}" : $"[{IPAddress.IPv6Loopback}]" }.Uri.ToString()
            : cluster.Server!;
    }

    private static X509Certificate2Collection? Authority(KubeConfigCluster cluster)
    {
        var pem = Bytes(cluster.CertificateAuthorityData, cluster.CertificateAuthority);
        if (pem is null)
        {
            return null;
        }

        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(Encoding.UTF8.GetString(pem));
        return certificates.Count > 0 ? certificates : throw new KubeConfigException("cluster.certificate-authority(-data) holds no certificate in PEM");
    }

    // By client-go's order of precedence: a plugin is only asked when nothing else is there; a token's file goes before a token.
    private static void Identify(KubernetesClientConfiguration configuration, KubeConfigChoice choice, TimeProvider time, ILogger logger)
    {
        var user = choice.User;
        configuration.ClientCertificateData = Base64(Bytes(user.ClientCertificateData, user.ClientCertificate));
        configuration.ClientCertificateKeyData = Base64(Bytes(user.ClientKeyData, user.ClientKey));
        if (user.TokenFile is { Length: > 0 } file)
        {
            configuration.TokenProvider = new TokenFile(file);
        }
        else if (user.Token is { Length: > 0 } token)
        {
            configuration.AccessToken = token;
        }
        else if (user.Username is { Length: > 0 } name)
        {
            (configuration.Username, configuration.Password) = (name, user.Password ?? "");
        }
        else if (user.AuthProvider is { } oidc)
        {
            configuration.TokenProvider = Oidc(oidc.Config ?? []);
        }
        else if (user.Exec is { } exec && configuration.ClientCertificateData is null)
        {
            var plugin = new CredentialPlugin(exec, choice.Cluster, time);
            var first = plugin.First(PluginWithin);
            configuration.ClientCertificateData = first.Certificate is { } certificate ? Base64(Encoding.UTF8.GetBytes(certificate)) : null;
            configuration.ClientCertificateKeyData = first.Key is { } key ? Base64(Encoding.UTF8.GetBytes(key)) : null;
            configuration.TokenProvider = first.Token is null ? null : new AccessTokens(choice.ClusterName, plugin, time, logger);
        }
    }

    private static OidcTokenProvider Oidc(Dictionary<string, string> config)
    {
        string Value(string key) => config.TryGetValue(key, out var value) ? value : throw new KubeConfigException($"user.auth-provider.config.{key} is missing");
        return new(Value("client-id"), config.GetValueOrDefault("client-secret"), Value("idp-issuer-url"), Value("id-token"), Value("refresh-token"));
    }

    private static byte[]? Bytes(string? data, string? file) =>
        data is { Length: > 0 } ? Convert.FromBase64String(data)
        : file is { Length: > 0 } ? File.ReadAllBytes(file)
        : null;

    private static string? Base64(byte[]? bytes) => bytes is null ? null : Convert.ToBase64String(bytes);
}
