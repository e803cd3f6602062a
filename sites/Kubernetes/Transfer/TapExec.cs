using System.Text;
using k8s;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Runs the companion scripts in a tap's container, as the granted identity.</summary>
internal sealed class TapExec(ClusterCalls calls, TimeProvider time)
{
    // The companions answer a few lines; more would not be theirs.
    private const int MostAnswerBytes = 64 * 1024;

    // Every companion that waits says so every 10 s.
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(60);

    /// <summary>Runs a script and returns its output as text.</summary>
    /// <exception cref="ClusterRefusalException">The exec was refused.</exception>
    public async Task<(ExecOutcome Outcome, string Answer)> AskAsync(
        TapAddress tap, string[] command, TimeSpan cap, CancellationToken cancellationToken)
    {
        var answer = new MemoryStream();
        var outcome = await StreamAsync(tap, command, Keep, new ExecLimits(cap, Stall), cancellationToken);
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
        CancellationToken cancellationToken)
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
            cancellationToken);
        return await ExecStream.PumpAsync(socket, sink, limits, time, cancellationToken);
    }
}
