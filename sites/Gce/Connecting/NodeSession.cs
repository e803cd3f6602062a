using System.Text;
using Renci.SshNet;

namespace CaptureFlow.Sites.Gce;

/// <inheritdoc cref="INodeSession"/>
internal sealed class NodeSession(SshClient client, INodeRoute route) : INodeSession
{
    public async Task<NodeAnswer> RunAsync(IReadOnlyList<string> command, TimeSpan cap, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(cap);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // What the scripts print is a few lines; SSH.NET holds all of it.
            using var run = client.CreateCommand(ShellWords.Join(command), Encoding.UTF8);
            await run.ExecuteAsync(both.Token);
            return run.ExitStatus is { } code
                ? new(code, run.Result, run.Error)
                : throw new IOException(route.Trouble ?? $"the command ended without an exit code ({run.ExitSignal ?? "cut"})");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not IOException && SshLogin.IsOfLogin(e))
        {
            throw new IOException(route.Trouble ?? e.Message, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await route.DisposeAsync();
    }
}
