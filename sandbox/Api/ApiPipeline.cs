using CaptureFlow.Sandbox.Faults;
using CaptureFlow.Sandbox.Rbac;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CaptureFlow.Sandbox.Api;

/// <summary>What every request passes: log, authentication, faults, authorisation, action.</summary>
internal sealed class ApiPipeline(
    Authenticator authenticator, Authorizer authorizer, ApiRouter router, FaultTable faults, RequestLog requests, SandboxRoutes own)
{
    private const int NoAnswer = 499;

    internal async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        var watch = context.Request.Query["watch"].ToString() is "true" or "1";
        var target = RequestTarget.Parse(context.Request.Method, path, watch);
        var user = authenticator.Identify(context);
        if (path.StartsWith("/sandbox/", StringComparison.Ordinal))
        {
            await (await own.AnswerAsync(context, user)).WriteAsync(context);
            return;
        }

        var full = path + context.Request.QueryString;
        var entry = requests.Begin(user?.Name ?? "", target.Verb, context.Request.Method, full);
        try
        {
            var rule = faults.Match(context.Request.Method, full, user?.Name ?? "");
            entry.Fault = rule?.Id ?? "";
            var reply = rule is null
                ? await ActAsync(context, target, user)
                : await FaultPlayer.PlayAsync(context, rule, () => ActAsync(context, target, user));
            await reply.WriteAsync(context);
            entry.Status = context.RequestAborted.IsCancellationRequested && reply.Code == 0 && !IsOpened(context) ? NoAnswer : context.Response.StatusCode;
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException)
        {
            // The client went away, or a fault rule cut the connection.
            entry.Status = IsOpened(context) ? context.Response.StatusCode : NoAnswer;
        }
    }

    // A socket that was opened was answered, whoever hangs up first.
    private static bool IsOpened(HttpContext context) => context.Response is { HasStarted: true, StatusCode: StatusCodes.Status101SwitchingProtocols };

    private async Task<ApiReply> ActAsync(HttpContext context, RequestTarget target, UserInfo? user)
    {
        if (user is null)
        {
            return ApiReply.Unauthorized();
        }

        if (Refusal(context, target, user) is { } refusal)
        {
            return refusal;
        }

        if (!target.IsResource)
        {
            return Discovery.Answer(target.Path, context.Request.Host.Value ?? "");
        }

        return target.Version == "v1" && ResourceCatalogue.Find(target.Group, target.Resource) is { } kind
            ? await router.RouteAsync(new ApiCall(context, target, kind, user))
            : ApiReply.UnknownPath();
    }

    private ApiReply? Refusal(HttpContext context, RequestTarget target, UserInfo user)
    {
        // A stream opened by WebSocket is a GET; since 1.35 that needs the verb of the action, create, as well.
        var isStream = target is { IsResource: true, Resource: "pods", Subresource: "exec" or "attach", Verb: "get" }
            && context.Features.Get<IHttpUpgradeFeature>() is not null;
        foreach (var verb in isStream ? [target.Verb, "create"] : new[] { target.Verb })
        {
            var request = new AccessRequest(
                user, verb, target.Group, target.Resource, target.Subresource, target.Name, target.Namespace, target.IsResource, target.Path);
            var decision = authorizer.Decide(request);
            if (!decision.Allowed)
            {
                return target.IsResource
                    ? ApiReply.Forbidden(target.Group, target.Resource, target.Name, request.Denial(decision.Reason))
                    : ApiReply.Status(403, "Forbidden", $"forbidden: {request.Denial(decision.Reason)}", []);
            }
        }

        return null;
    }
}
