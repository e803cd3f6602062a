using System.Net;
using k8s.Exceptions;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The proxy on the way to a cluster, as client-go chooses it: <c>proxy-url</c>, else the variables of the environment.</summary>
internal static class ProxyChoice
{
    /// <summary>Of a kubeconfig's <c>proxy-url</c>.</summary>
    /// <returns>Null when it has none.</returns>
    /// <exception cref="KubeConfigException">It is none.</exception>
    public static IWebProxy? Of(string? url)
    {
        if (string.IsNullOrEmpty(url))
        {
            return null;
        }

        // Not repeated: it may hold a password.
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https" or "socks5"))
        {
            throw new KubeConfigException("cluster.proxy-url is not the address of a proxy; write http://, https:// or socks5://, a host and a port");
        }

        var proxy = new WebProxy(new UriBuilder(address) { UserName = null, Password = null }.Uri);
        if (address.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var password])
        {
            proxy.Credentials = new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password.FirstOrDefault() ?? ""));
        }

        return proxy;
    }

    /// <summary>Of HTTPS_PROXY, ALL_PROXY and NO_PROXY. .NET reads them, but sends loopback and the networks of NO_PROXY through the proxy all the same.</summary>
    public static IWebProxy OfEnvironment() =>
        new Sparing(HttpClient.DefaultProxy, Environment.GetEnvironmentVariable("NO_PROXY") ?? Environment.GetEnvironmentVariable("no_proxy"));

    /// <param name="inner">Says which proxy there is.</param>
    /// <param name="spared">As NO_PROXY has it; only its networks (<c>10.0.0.0/8</c>) are read here.</param>
    internal sealed class Sparing(IWebProxy inner, string? spared) : IWebProxy
    {
        private readonly List<IPNetwork> _networks =
            [.. (spared ?? "").Split(',', StringSplitOptions.TrimEntries).SelectMany(part => IPNetwork.TryParse(part, out var network) ? (IPNetwork[])[network] : [])];

        public ICredentials? Credentials
        {
            get => inner.Credentials;
            set => throw new NotSupportedException();
        }

        public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : inner.GetProxy(destination);

        public bool IsBypassed(Uri host) =>
            host.IsLoopback || (IPAddress.TryParse(host.DnsSafeHost, out var address) && _networks.Exists(network => network.Contains(address))) || inner.IsBypassed(host);
    }
}
