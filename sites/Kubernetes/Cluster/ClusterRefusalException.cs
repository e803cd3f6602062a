namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The API server said no. Never leaves the site: a step expects it, or it becomes a fault at the site's edge.</summary>
internal sealed class ClusterRefusalException(int status, string reason, string words, Exception? inner = null)
    : Exception(status == NoConnection ? $"{reason}: {words}" : $"{status} {reason}: {words}", inner)
{
    /// <summary>The status of a refusal that came before any request.</summary>
    public const int NoConnection = 0;

    /// <summary>The reasons of such a refusal: no usable configuration, no token to be had, a certificate that is not trusted.</summary>
    public const string NoKubeConfig = "NoKubeConfig";

    /// <inheritdoc cref="NoKubeConfig"/>
    public const string NoToken = "NoToken";

    /// <inheritdoc cref="NoKubeConfig"/>
    public const string CertificateRefused = "CertificateRefused";

    /// <summary>A thing of that name is there. Any other 409 is not.</summary>
    public bool IsAlreadyThere => Status == 409 && Reason == "AlreadyExists";

    /// <summary>HTTP status, or <see cref="NoConnection"/>.</summary>
    public int Status { get; } = status;

    /// <summary>Kubernetes' own reason, e.g. <c>AlreadyExists</c>.</summary>
    public string Reason { get; } = reason;

    /// <summary>The server's own message.</summary>
    public string Words { get; } = words;
}
