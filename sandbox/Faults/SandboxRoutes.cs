using System.Text.Json;
using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;
using CaptureFlow.Sandbox.Rbac;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sandbox.Faults;

/// <summary>The sandbox's own routes, which no real cluster has: <c>/sandbox/faults</c> and <c>/sandbox/requests</c>, for system:masters.</summary>
internal sealed class SandboxRoutes(FaultTable faults, RequestLog requests)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    internal async Task<ApiReply> AnswerAsync(HttpContext context, UserInfo? user)
    {
        if (user is null)
        {
            return ApiReply.Unauthorized();
        }

        var path = context.Request.Path.Value ?? "";
        if (!user.IsMaster)
        {
            return ApiReply.Status(403, "Forbidden", $"forbidden: User \"{user.Name}\" cannot {context.Request.Method} path \"{path}\"", []);
        }

        return (context.Request.Method, path.Split('/', StringSplitOptions.RemoveEmptyEntries)) switch
        {
            ("GET", ["sandbox", "faults"]) => ApiReply.Ok(JsonSerializer.SerializeToNode(faults.List(), Web)!),
            ("POST", ["sandbox", "faults"]) => await AddAsync(context),
            ("DELETE", ["sandbox", "faults"]) => Removed(faults.Remove("")),
            ("DELETE", ["sandbox", "faults", var id]) => Removed(faults.Remove(id)),
            ("GET", ["sandbox", "requests"]) => ApiReply.Ok(JsonSerializer.SerializeToNode(requests.List([.. context.Request.Query["mentioning"].OfType<string>()]), Web)!),
            ("DELETE", ["sandbox", "requests"]) => Cleared(),
            _ => ApiReply.UnknownPath(),
        };
    }

    private async Task<ApiReply> AddAsync(HttpContext context)
    {
        FaultRule? wanted;
        try
        {
            wanted = await JsonSerializer.DeserializeAsync<FaultRule>(context.Request.Body, Web, context.RequestAborted);
        }
        catch (JsonException fault)
        {
            return ApiReply.BadRequest(fault.Message);
        }

        if (wanted is null)
        {
            return ApiReply.BadRequest("a fault rule is required");
        }

        var (rule, why) = faults.Add(wanted);
        return rule is null ? ApiReply.BadRequest(why) : ApiReply.Created(JsonSerializer.SerializeToNode(rule, Web)!);
    }

    private ApiReply Cleared()
    {
        requests.Clear();
        return ApiReply.Ok(new JsonObject());
    }

    private static ApiReply Removed(int count) => ApiReply.Ok(new JsonObject { ["removed"] = count });
}
