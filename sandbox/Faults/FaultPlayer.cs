using CaptureFlow.Sandbox.Api;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sandbox.Faults;

/// <summary>Plays a fault rule around the action of a request.</summary>
internal static class FaultPlayer
{
    private static readonly TimeSpan LongestHang = TimeSpan.FromMinutes(10);

    internal static async Task<ApiReply> PlayAsync(HttpContext context, FaultRule rule, Func<Task<ApiReply>> act)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(rule.DelayMs), context.RequestAborted);
        if (rule.Hang)
        {
            await Task.Delay(LongestHang, context.RequestAborted);
        }

        if (rule.Hang || rule.Reset == "before")
        {
            return Cut(context);
        }

        if (rule.Status != 0)
        {
            var reason = rule.Reason.Length > 0 ? rule.Reason : ReasonOf(rule.Status);
            var message = rule.Message.Length > 0 ? rule.Message : $"fault rule {rule.Id}";
            return ApiReply.Status(rule.Status, reason, message) with { RetryAfterSeconds = rule.RetryAfterSeconds };
        }

        if (rule.Reset == "after")
        {
            context.Response.Body = new MemoryStream();
            await act();
            return Cut(context);
        }

        if (rule.CutAfterBytes > 0)
        {
            var cut = new StreamCut(rule.CutAfterBytes);
            context.Features.Set(cut);
            if (!context.WebSockets.IsWebSocketRequest)
            {
                context.Response.Body = new CuttingStream(context.Response.Body, cut, context);
            }
        }

        return await act();
    }

    private static ApiReply Cut(HttpContext context)
    {
        // The whole connection, not only one HTTP/2 stream of it: that is what a broken network does.
        context.Features.Get<IConnectionLifetimeFeature>()?.Abort();
        context.Abort();
        return ApiReply.Written;
    }

    private static string ReasonOf(int status) => status switch
    {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        409 => "Conflict",
        410 => "Expired",
        422 => "Invalid",
        429 => "TooManyRequests",
        500 => "InternalError",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => "",
    };
}
