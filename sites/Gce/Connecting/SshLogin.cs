using System.Net.Sockets;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace CaptureFlow.Sites.Gce;

/// <summary>One SSH login over an open route. The one place where SSH.NET's exceptions are understood; it trusts every host unless told otherwise.</summary>
internal static class SshLogin
{
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>A connected client, which the caller disposes.</summary>
    /// <exception cref="GceRefusalException">The host key is not a trusted one.</exception>
    /// <exception cref="LoginRefusedException">The key was not let in.</exception>
    /// <exception cref="IOException">The server was not reached, or does not speak SSH.</exception>
    public static async Task<T> ConnectAsync<T>(
        Func<ConnectionInfo, T> make, NodeInstance instance, INodeRoute route, CaptureKey key, IReadOnlyList<TrustedHostKey> trusted, CancellationToken cancellationToken)
        where T : BaseClient
    {
        var info = new ConnectionInfo(route.Host, route.Port, key.Line.User, new PrivateKeyAuthenticationMethod(key.Line.User, key.Secret)) { Timeout = Cap };
        AskForKnownKeys(info, trusted);
        string? stranger = null;
        var client = make(info);
        try
        {
            client.HostKeyReceived += (_, shown) =>
            {
                shown.CanTrust = trusted.Any(known => known.Matches(shown.HostKey));
                stranger = shown.CanTrust ? null : $"{shown.HostKeyName} SHA256:{shown.FingerPrintSHA256}";
            };
            client.KeepAliveInterval = KeepAlive;
            using var cap = new CancellationTokenSource(Cap);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken);
            await client.ConnectAsync(both.Token);
            return client;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsOfLogin(e))
        {
            client.Dispose();
            throw e switch
            {
                _ when stranger is not null => new GceRefusalException(GceFaults.HostKey(instance, $"shown: {stranger}"), inner: e),
                SshAuthenticationException => new LoginRefusedException(e.Message, e),
                _ => new IOException(route.Trouble ?? e.Message, e),
            };
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public static bool IsOfLogin(Exception e) =>
        e is SshException or SocketException or IOException or TimeoutException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    // A server with several keys shows the kind that it is asked for first: only kinds that can be checked are asked for.
    private static void AskForKnownKeys(ConnectionInfo info, IReadOnlyList<TrustedHostKey> trusted)
    {
        if (trusted.Any(key => key.Algorithm is null))
        {
            return;
        }

        foreach (var name in info.HostKeyAlgorithms.Keys.Where(name => !trusted.Any(key => Signs(key.Algorithm!, name))).ToList())
        {
            info.HostKeyAlgorithms.Remove(name);
        }
    }

    private static bool Signs(string key, string algorithm) => key == algorithm || (key == "ssh-rsa" && algorithm.StartsWith("rsa-sha2-", StringComparison.Ordinal));
}
