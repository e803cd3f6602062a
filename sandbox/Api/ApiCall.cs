using System.Text.Json;
using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Rbac;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sandbox.Api;

/// <summary>One authenticated and authorised request for a resource.</summary>
internal sealed record ApiCall(HttpContext Http, RequestTarget Target, ResourceKind Kind, UserInfo User)
{
    internal bool DryRun => Http.Request.Query["dryRun"] == "All";

    internal string Namespace => Kind.Namespaced ? Target.Namespace : "";

    internal string Name => Target.Name;

    internal string Query(string name) => Http.Request.Query[name].ToString();

    /// <summary>The body as JSON; null when there is none or it is no JSON.</summary>
    internal async Task<JsonNode?> BodyAsync()
    {
        if (Http.Request.ContentType == ProtobufBody.ContentType)
        {
            using var copy = new MemoryStream();
            await Http.Request.Body.CopyToAsync(copy, Http.RequestAborted);
            return ProtobufBody.Read(copy.ToArray());
        }

        try
        {
            return await JsonNode.ParseAsync(Http.Request.Body, cancellationToken: Http.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
