using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CaptureFlow.Functions.Api;

/// <summary>A JSON answer with the entity tag of its bytes, so that who has it already need not be sent it again.</summary>
internal sealed class TaggedJson
{
    private readonly byte[] _body;

    private TaggedJson(byte[] body)
    {
        _body = body;
        Tag = new($"\"{Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, 16))}\"");
    }

    public EntityTagHeaderValue Tag { get; }

    public static TaggedJson Of(object value) => new(JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), CaptureJson.Options));

    /// <summary>Whether the caller has these bytes already (<c>If-None-Match</c>). What is no entity tag matches nothing, as HTTP has it.</summary>
    public bool IsKnownTo(HttpRequest request) =>
        EntityTagHeaderValue.TryParseList([.. request.Headers.IfNoneMatch.OfType<string>()], out var known)
        && known.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(Tag, useStrongComparison: false));

    /// <summary>200, or another success, with the bytes; or 304 without them.</summary>
    public IResult Answer(HttpRequest request, int status = StatusCodes.Status200OK)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.ETag = Tag.ToString();

        // It changes at any moment, and is one caller's business: ask again each time.
        headers.CacheControl = "private, no-cache";
        return IsKnownTo(request) ? Results.StatusCode(StatusCodes.Status304NotModified) : new Sent(_body, status);
    }

    private sealed class Sent(byte[] body, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            return Results.Bytes(body, "application/json; charset=utf-8").ExecuteAsync(httpContext);
        }
    }
}
