using CaptureFlow.Orchestrations;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace CaptureFlow.Sites.Gce;

/// <inheritdoc cref="INodeSessions"/>
internal sealed class NodeSessions(CaptureKeys keys, HostKeys hosts, INodeTunnel tunnel, TimeProvider time) : INodeSessions
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Cut = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FilePatience = TimeSpan.FromSeconds(30);

    public async Task<INodeSession> OpenAsync(CapturePlan plan, DateTimeOffset expiresAt, TimeSpan patience, CancellationToken cancellationToken)
    {
        var (client, route) = await ConnectAsync(info => new SshClient(info), plan, expiresAt, patience, cancellationToken);
        return new NodeSession(client, route);
    }

    public async Task<Stream> OpenFileAsync(CapturePlan plan, DateTimeOffset expiresAt, string path, long offset, CancellationToken cancellationToken)
    {
        var (client, route) = await ConnectAsync(info => new SftpClient(info) { OperationTimeout = Cut }, plan, expiresAt, FilePatience, cancellationToken);
        try
        {
            var stream = await client.OpenAsync(path, FileMode.Open, FileAccess.Read, cancellationToken);
            stream.Seek(offset, SeekOrigin.Begin);
            return new NodeFile(client, route, stream);
        }
        catch (Exception e)
        {
            client.Dispose();
            await route.DisposeAsync();
            if (e is SftpPathNotFoundException)
            {
                throw new FileNotFoundException(e.Message, e);
            }

            throw !cancellationToken.IsCancellationRequested && SshLogin.IsOfLogin(e) ? new IOException(e.Message, e) : e;
        }
    }

    public async Task<LoginTrial> TryLoginAsync(CapturePlan plan, CaptureKey key, CancellationToken cancellationToken)
    {
        var instance = NodeChecks.InstanceOf(plan);
        try
        {
            await using var route = await tunnel.OpenAsync(instance, plan.Place!.Addresses, cancellationToken);
            using var client = await SshLogin.ConnectAsync(
                info => new SshClient(info), instance, route, key, await hosts.OfAsync(instance, cancellationToken), cancellationToken);
            return new(false, "let in");
        }
        catch (LoginRefusedException refused)
        {
            return new(true, refused.Message);
        }
        catch (Exception e) when (e is GceRefusalException or IOException)
        {
            return new(false, $"not answered: {(e as GceRefusalException)?.Fault.Detail ?? e.Message}");
        }
    }

    private async Task<(T Client, INodeRoute Route)> ConnectAsync<T>(
        Func<ConnectionInfo, T> make, CapturePlan plan, DateTimeOffset expiresAt, TimeSpan patience, CancellationToken cancellationToken)
        where T : BaseClient
    {
        var instance = NodeChecks.InstanceOf(plan);
        var trusted = await hosts.OfAsync(instance, cancellationToken);
        var key = keys.TryFind(plan.Order.CaptureId) ?? await keys.EnsureAsync(instance, plan.Order.CaptureId, expiresAt, cancellationToken);
        var deadline = time.GetUtcNow() + patience;
        while (true)
        {
            INodeRoute? route = null;
            try
            {
                route = await tunnel.OpenAsync(instance, plan.Place!.Addresses, cancellationToken);
                var client = await SshLogin.ConnectAsync(make, instance, route, key, trusted, cancellationToken);
                key.LoggedIn = true;
                return (client, route);
            }
            catch (Exception e) when (e is LoginRefusedException or IOException or GceRefusalException)
            {
                if (route is not null)
                {
                    await route.DisposeAsync();
                }

                // Somebody else's host stays somebody else's; anything else may take its time: a guest agent, an IAM policy, a network.
                var final = e is GceRefusalException { Fault.Code: FaultCodes.HostKeyUntrusted };
                if (final || time.GetUtcNow() + Again > deadline)
                {
                    throw e switch
                    {
                        LoginRefusedException => new GceRefusalException(GceFaults.LoginRefused(instance, e.Message), inner: e),
                        IOException => new StepUnavailableException($"SSH to {instance.Name}: {e.Message}", e),
                        _ => e,
                    };
                }
            }

            await Task.Delay(Again, time, cancellationToken);
        }
    }
}
