using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Exec;
using CaptureFlow.Sandbox.Rbac;

namespace CaptureFlow.Sandbox.Api;

/// <summary>Sends an authorised request to what answers it.</summary>
internal sealed class ApiRouter(
    ObjectStore store,
    ResourceReader reader,
    ResourceWriter writer,
    ResourceRemover remover,
    PodStreams streams,
    AccountTokens tokens,
    AccessReviews reviews)
{
    internal async Task<ApiReply> RouteAsync(ApiCall call)
    {
        if (call.Target.Subresource.Length > 0)
        {
            return await SubresourceAsync(call);
        }

        if (!call.Kind.Verbs.Contains(call.Target.Verb))
        {
            return ApiReply.MethodNotAllowed();
        }

        return call.Target.Verb switch
        {
            "get" => reader.Get(call),
            "list" => reader.List(call),
            "watch" => await reader.WatchAsync(call),
            "create" when call.Kind.Stored => await writer.CreateAsync(call),
            "create" => await ReviewAsync(call),
            "update" => await writer.UpdateAsync(call),
            "patch" => await writer.PatchAsync(call),
            "delete" => await remover.DeleteAsync(call),
            _ => await remover.DeleteAllAsync(call),
        };
    }

    private async Task<ApiReply> SubresourceAsync(ApiCall call)
    {
        var sub = call.Target.Subresource;
        if (!call.Kind.Subresources.Contains(sub))
        {
            return ApiReply.UnknownPath();
        }

        if (sub is "exec" or "attach" or "log")
        {
            return store.Get(call.Kind, call.Namespace, call.Name) is not { } pod
                ? ApiReply.NotFound(call.Kind, call.Name)
                : sub switch
                {
                    "exec" => await streams.ExecAsync(call.Http, pod),
                    "attach" => await streams.AttachAsync(call.Http, pod),
                    _ => await streams.LogAsync(call.Http, pod),
                };
        }

        return (sub, call.Target.Verb) switch
        {
            ("token", "create") => await call.BodyAsync() is JsonObject request
                ? tokens.Issue(call.Namespace, call.Name, request)
                : ApiReply.BadRequest("the object provided is unrecognized (must be of type TokenRequest)"),
            ("status" or "ephemeralcontainers", "get") => reader.Get(call),
            ("status" or "ephemeralcontainers", "update") => await writer.UpdateAsync(call),
            ("status" or "ephemeralcontainers", "patch") => await writer.PatchAsync(call),
            _ => ApiReply.MethodNotAllowed(),
        };
    }

    private async Task<ApiReply> ReviewAsync(ApiCall call) => await call.BodyAsync() is JsonObject review
        ? reviews.Answer(call.Kind, review, call.User, call.Namespace)
        : ApiReply.BadRequest("the object provided is unrecognized (must be of type " + call.Kind.Kind + ")");
}
