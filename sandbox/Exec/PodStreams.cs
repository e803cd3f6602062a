using System.Diagnostics;
using System.Net.WebSockets;
using CaptureFlow.Sandbox.Api;
using CaptureFlow.Sandbox.Node;
using CaptureFlow.Sandbox.Pods;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sandbox.Exec;

/// <summary>The subresources of a pod that stream: exec, attach and log.</summary>
internal sealed class PodStreams(Kubelet kubelet, CancellationToken ending)
{
    internal async Task<ApiReply> ExecAsync(HttpContext context, StoredObject pod)
    {
        string[] command = [.. context.Request.Query["command"].Select(word => word ?? "")];
        if (command.Length == 0)
        {
            return ApiReply.BadRequest("you must specify at least 1 command for the container");
        }

        var (container, refused) = PodContainer.Find(kubelet, pod, context.Request.Query["container"].ToString());
        if (container is null)
        {
            return refused!;
        }

        if (container.Process is not { } process)
        {
            return ApiReply.InternalError($"container not found (\"{container.Name}\")");
        }

        using var socket = await ChannelSocket.TryAcceptAsync(context);
        if (socket is null)
        {
            return ApiReply.BadRequest("Upgrade request required");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ending);
        if (ContainerProcess.ExecutableFault(command[0], process.Start.Environment["PATH"]) is { } missing)
        {
            await socket.EndAsync(ExecStatus.NotStarted(missing), either.Token);
            return ApiReply.Written;
        }

        using var running = ExecCommand.Start(process, command);
        await ServeAsync(context, socket, running, either);
        return ApiReply.Written;
    }

    internal async Task<ApiReply> AttachAsync(HttpContext context, StoredObject pod)
    {
        var (container, refused) = PodContainer.Find(kubelet, pod, context.Request.Query["container"].ToString());
        if (container is null)
        {
            return refused!;
        }

        if (container.Process is not { } process)
        {
            return ApiReply.InternalError($"container not found (\"{container.Name}\")");
        }

        using var socket = await ChannelSocket.TryAcceptAsync(context);
        if (socket is null)
        {
            return ApiReply.BadRequest("Upgrade request required");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ending);
        await AttachedAsync(context, socket, container.Log, process, either);
        return ApiReply.Written;
    }

    internal async Task<ApiReply> LogAsync(HttpContext context, StoredObject pod)
    {
        var query = context.Request.Query;
        var (container, refused) = PodContainer.Find(kubelet, pod, query["container"].ToString());
        if (container is null)
        {
            return refused!;
        }

        var isPrevious = query["previous"] == "true";
        if ((isPrevious ? container.PreviousLog : container.Log) is not { } log || (!isPrevious && container.State.Kind == "waiting"))
        {
            return ApiReply.BadRequest(
                $"container \"{container.Name}\" in pod \"{pod.Name}\" is waiting to start: {container.State.Fields.Text("reason")}");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ending);
        try
        {
            await PodLog.WriteAsync(context, log, PodLogOptions.Of(query), either.Token);
        }
        catch (OperationCanceledException)
        {
            // The client has gone, or the sandbox ends.
        }

        return ApiReply.Written;
    }

    private static async Task ServeAsync(HttpContext context, ChannelSocket socket, Process running, CancellationTokenSource either)
    {
        var query = context.Request.Query;
        var stdin = query["stdin"] == "true" ? running.StandardInput.BaseStream : null;
        if (stdin is null)
        {
            running.StandardInput.Close();
        }

        var receiving = ReceiveAsync(socket, stdin, either);
        try
        {
            await Task.WhenAll(
                socket.CopyFromAsync(ChannelSocket.Stdout, running.StandardOutput.BaseStream, either.Token),
                socket.CopyFromAsync(ChannelSocket.Stderr, running.StandardError.BaseStream, either.Token));
            await running.WaitForExitAsync(either.Token);
            await socket.EndAsync(ExecStatus.Ended(running.ExitCode), either.Token);
            await receiving.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or IOException or TimeoutException or ObjectDisposedException)
        {
            // The client has gone. As on a real node the process stays, and ends when it writes to the closed pipe.
            await either.CancelAsync();
        }

        await receiving;
    }

    private static async Task AttachedAsync(
        HttpContext context, ChannelSocket socket, ContainerLog log, ContainerProcess process, CancellationTokenSource either)
    {
        var stdin = context.Request.Query["stdin"] == "true" && process.Start.KeepsInput ? process.Input : null;
        var receiving = Task.CompletedTask;
        try
        {
            using (log.Listen((channel, data) => new ValueTask(socket.SendAsync((byte)channel, data, either.Token))))
            {
                // Only now, or the answer to the first line of input would be written before anybody listens.
                receiving = ReceiveAsync(socket, stdin, either);
                while (!log.ReadFrom(long.MaxValue).Closed)
                {
                    await log.ChangedAfterAsync(log.ReadFrom(long.MaxValue).Next).WaitAsync(either.Token);
                }
            }

            await socket.EndAsync(ExecStatus.Ended(0), either.Token);
            await receiving.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or IOException or TimeoutException)
        {
            await either.CancelAsync();
        }

        await receiving;
    }

    private static async Task ReceiveAsync(ChannelSocket socket, Stream? stdin, CancellationTokenSource either)
    {
        try
        {
            await socket.CopyToAsync(stdin, either.Token);
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or IOException)
        {
            // A connection that breaks ends the session as a close does.
        }

        await either.CancelAsync();
    }
}
