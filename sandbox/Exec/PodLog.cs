using CaptureFlow.Sandbox.Node;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sandbox.Exec;

/// <summary>Writes a container's log to a response.</summary>
internal static class PodLog
{
    internal static async Task WriteAsync(HttpContext context, ContainerLog log, PodLogOptions options, CancellationToken cancellation)
    {
        context.Response.ContentType = "text/plain";
        var position = options.TailLines is { } lines ? log.PositionOfTail(lines) : 0;
        var left = options.LimitBytes ?? long.MaxValue;
        while (true)
        {
            var (bytes, next, isClosed) = log.ReadFrom(position);
            position = next;
            var part = bytes.AsMemory(0, (int)Math.Min(bytes.Length, left));
            left -= part.Length;
            await context.Response.Body.WriteAsync(part, cancellation);
            if (!options.Follow || isClosed || left == 0)
            {
                return;
            }

            await context.Response.Body.FlushAsync(cancellation);
            await log.ChangedAfterAsync(position).WaitAsync(cancellation);
        }
    }
}
