using System.Text;
using k8s;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Runs the companion scripts in a tap's container, as the granted identity.</summary>
internal sealed class TapExec(ClusterCalls calls, IOptions<ClusterOptions> options, TimeProvider time)
{
    // The companions answer a few lines; more would not be theirs.
    private const int MostAnswerBytes = 64 * 1024;

    // Every companion that waits says so every 10 s.
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(60);

    /// <summary>Runs a script and returns its output as text.</summary>
    /// <param name="tap">Where.</param>
    /// <param name="command">The script and its parameters.</param>
    /// <param name="cap">Longest run.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="retryFor">How long to try to start it; null for as long as any request.</param>
    /// <exception cref="ClusterRefusalException">The exec was refused.</exception>
    public async Task<(ExecOutcome Outcome, string Answer)> AskAsync(
        TapAddress tap, string[] command, TimeSpan cap, CancellationToken cancellationToken, TimeSpan? retryFor = null)
    {
        var answer = new MemoryStream();
        var outcome = await StreamAsync(tap, command, Keep, new ExecLimits(cap, Stall), cancellationToken, retryFor);
        return (outcome, Encoding.UTF8.GetString(answer.ToArray()));

        ValueTask Keep(ReadOnlyMemory<byte> bytes, CancellationToken token)
        {
            answer.Write(bytes.Span[..(int)Math.Min(bytes.Length, MostAnswerBytes - answer.Length)]);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Runs a script and hands its output to a sink.</summary>
    public async Task<ExecOutcome> StreamAsync(
        TapAddress tap,
        string[] command,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink,
        ExecLimits limits,
        CancellationToken cancellationToken,
        TimeSpan? retryFor = null)
    {
        using var socket = await calls.AskAsync(
            $"exec {tap}",
            token => tap.Client.WebSocketNamespacedPodExecAsync(
                tap.Pod,
                tap.Namespace,
                command,
                tap.Container,
                stderr: true,
                stdin: false,
                stdout: true,
                tty: false,
                webSocketSubProtocol: WebSocketProtocol.V4BinaryWebsocketProtocol,
                customHeaders: null,
                cancellationToken: token),
            retryFor ?? options.Value.RetryFor,
            cancellationToken);
        return await ExecStream.PumpAsync(socket, sink, limits, time, cancellationToken);
    }
}
