using YamlDotNet.Serialization;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What is read of a kubeconfig, by the names of client-go's clientcmd/api/v1; the rest of it does not concern a client.</summary>
internal sealed class KubeConfigDocument
{
    public string? CurrentContext { get; set; }

    public List<KubeConfigNamed>? Contexts { get; set; }

    public List<KubeConfigNamed>? Clusters { get; set; }

    public List<KubeConfigNamed>? Users { get; set; }
}

/// <summary>An item of one of the three lists: a name, and one of the three things.</summary>
internal sealed class KubeConfigNamed
{
    public string? Name { get; set; }

    public KubeConfigPair? Context { get; set; }

    public KubeConfigCluster? Cluster { get; set; }

    public KubeConfigUser? User { get; set; }
}

/// <summary>A context's cluster and user, by name.</summary>
internal sealed class KubeConfigPair
{
    public string? Cluster { get; set; }

    public string? User { get; set; }
}

/// <summary>How an API server is reached.</summary>
internal sealed class KubeConfigCluster
{
    public string? Server { get; set; }

    public string? CertificateAuthority { get; set; }

    public string? CertificateAuthorityData { get; set; }

    public string? TlsServerName { get; set; }

    public string? ProxyUrl { get; set; }

    public List<KubeConfigExtension>? Extensions { get; set; }
}

/// <summary>Something that a program other than kubectl keeps in a kubeconfig.</summary>
internal sealed class KubeConfigExtension
{
    public string? Name { get; set; }

    public object? Extension { get; set; }
}

/// <summary>As whom it is spoken to.</summary>
internal sealed class KubeConfigUser
{
    public string? Token { get; set; }

    [YamlMember(Alias = "tokenFile", ApplyNamingConventions = false)]
    public string? TokenFile { get; set; }

    public string? Username { get; set; }

    public string? Password { get; set; }

    public string? ClientCertificate { get; set; }

    public string? ClientCertificateData { get; set; }

    public string? ClientKey { get; set; }

    public string? ClientKeyData { get; set; }

    public string? As { get; set; }

    public string? AsUid { get; set; }

    public List<string>? AsGroups { get; set; }

    public Dictionary<string, List<string>>? AsUserExtra { get; set; }

    public KubeConfigAuthProvider? AuthProvider { get; set; }

    public KubeConfigPlugin? Exec { get; set; }
}

/// <summary>A credential that kubectl itself knows how to renew.</summary>
internal sealed class KubeConfigAuthProvider
{
    public string? Name { get; set; }

    public Dictionary<string, string>? Config { get; set; }
}

/// <summary>A program that prints a credential.</summary>
internal sealed class KubeConfigPlugin
{
    [YamlMember(Alias = "apiVersion", ApplyNamingConventions = false)]
    public string? ApiVersion { get; set; }

    public string? Command { get; set; }

    public List<string>? Args { get; set; }

    public List<KubeConfigVariable>? Env { get; set; }

    [YamlMember(Alias = "interactiveMode", ApplyNamingConventions = false)]
    public string? InteractiveMode { get; set; }

    [YamlMember(Alias = "provideClusterInfo", ApplyNamingConventions = false)]
    public bool ProvideClusterInfo { get; set; }

    [YamlMember(Alias = "installHint", ApplyNamingConventions = false)]
    public string? InstallHint { get; set; }
}

/// <summary>An environment variable of such a program.</summary>
internal sealed class KubeConfigVariable
{
    public string? Name { get; set; }

    public string? Value { get; set; }
}
