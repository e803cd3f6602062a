using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sandbox.Api;

/// <summary>The answer to one request: an object, or a <c>metav1.Status</c> in Kubernetes' own words.</summary>
/// <remarks>
/// <c>Code</c>: The HTTP status; 0 when the handler has already written the answer (a stream).
/// </remarks>
internal sealed record ApiReply(int Code, JsonNode? Body, int? RetryAfterSeconds = null)
{
    internal static readonly ApiReply Written = new(0, null);

    internal bool Failed => Code >= 400;

    internal static ApiReply Ok(JsonNode body) => new(200, body);

    internal static ApiReply Created(JsonNode body) => new(201, body);

    internal static ApiReply Status(int code, string reason, string message, JsonObject? details = null)
    {
        var body = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = code < 400 ? "Success" : "Failure",
        };
        if (message.Length > 0)
        {
            body["message"] = message;
        }

        if (reason.Length > 0)
        {
            body["reason"] = reason;
        }

        if (details is not null)
        {
            body["details"] = details;
        }

        body["code"] = code;
        return new ApiReply(code, body);
    }

    internal static ApiReply Deleted(ResourceKind kind, string name, string uid)
    {
        var details = Details(kind.Group, kind.Plural, name);
        details["uid"] = uid;
        return Status(200, "", "", details);
    }

    internal static ApiReply Unauthorized() => Status(401, "Unauthorized", "Unauthorized");

    internal static ApiReply BadRequest(string message) => Status(400, "BadRequest", message);

    internal static ApiReply InternalError(string message)
    {
        var details = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = message }) };
        return Status(500, "InternalError", $"Internal error occurred: {message}", details);
    }

    internal static ApiReply UnknownPath() =>
        Status(404, "NotFound", "the server could not find the requested resource", new JsonObject());

    internal static ApiReply MethodNotAllowed() =>
        Status(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", new JsonObject());

    internal static ApiReply NotFound(ResourceKind kind, string name) =>
        Status(404, "NotFound", $"{kind.QualifiedName} \"{name}\" not found", Details(kind.Group, kind.Plural, name));

    internal static ApiReply AlreadyExists(ResourceKind kind, string name) => Status(
        409, "AlreadyExists", $"{kind.QualifiedName} \"{name}\" already exists", Details(kind.Group, kind.Plural, name));

    internal static ApiReply Conflict(ResourceKind kind, string name, string why) => Status(
        409,
        "Conflict",
        $"Operation cannot be fulfilled on {kind.QualifiedName} \"{name}\": {why}",
        Details(kind.Group, kind.Plural, name));

    internal static ApiReply Forbidden(string group, string resource, string name, string why)
    {
        var qualified = group.Length == 0 ? resource : $"{resource}.{group}";
        var subject = name.Length == 0 ? qualified : $"{qualified} \"{name}\"";
        return Status(403, "Forbidden", $"{subject} is forbidden: {why}", Details(group, resource, name));
    }

    internal static ApiReply Invalid(string group, string kind, string name, IReadOnlyList<FieldFault> faults)
    {
        var texts = faults.Select(fault => fault.ToString()).ToList();
        var list = texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
        var details = Details(group, kind, name);
        details["causes"] = faults
            .Select(fault => (JsonNode)new JsonObject { ["reason"] = fault.Reason, ["message"] = fault.Message, ["field"] = fault.Field })
            .ToJsonArray();
        var qualified = group.Length == 0 ? kind : $"{kind}.{group}";
        return Status(422, "Invalid", $"{qualified} \"{name}\" is invalid: {list}", details);
    }

    internal static ApiReply Invalid(ResourceKind kind, string name, params IReadOnlyList<FieldFault> faults) =>
        Invalid(kind.Group, kind.Kind, name, faults);

    internal async Task WriteAsync(HttpContext context)
    {
        if (Code == 0 || context.Response.HasStarted)
        {
            return;
        }

        context.Response.StatusCode = Code;
        if (RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (Body is null)
        {
            return;
        }

        var bytes = Body.ToBytes();
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static JsonObject Details(string group, string kind, string name)
    {
        var details = new JsonObject();
        if (name.Length > 0)
        {
            details["name"] = name;
        }

        if (group.Length > 0)
        {
            details["group"] = group;
        }

        details["kind"] = kind;
        return details;
    }
}
