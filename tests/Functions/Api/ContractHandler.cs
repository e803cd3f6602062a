using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using NJsonSchema;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>
/// Holds every answer against the document: an operation of it answers with a status, a content type and a body that it knows, to the last field.
/// </summary>
internal sealed class ContractHandler(ApiDocument document, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly string[] OfOne = ["progress", "verdict", "evidence", "tapped", "revocation"];
    private static readonly string[] OfSeveral = ["members", "leftOut", "leftOutMore", "window", "approval", "queue"];
    private static readonly string[] Accepted = ["id", "status", "links", "createdAt"];

    private readonly ConcurrentDictionary<string, bool> _seen = [];

    /// <summary>The answers so far, e.g. <c>GET /captures/{id} 404</c>.</summary>
    public IEnumerable<string> Seen => _seen.Keys;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (document.Find(request.Method.Method, request.RequestUri!.AbsolutePath) is var (name, operation))
        {
            var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            Assert.True(operation.ActualResponses.TryGetValue(status, out var documented), $"{name} answered {status}, which is not documented: {await response.Content.ReadAsStringAsync(cancellationToken)}");
            _seen[$"{name} {status}"] = true;
            await CheckAsync($"{name} {status}", documented!, response);
        }

        return response;
    }

    /// <summary>The document has no unions, so that it cannot say which fields come together.</summary>
    private void CheckShape(string what, JsonSchema schema, string body)
    {
        if (schema.ActualSchema == document.Document.Components.Schemas["Capture"].ActualSchema)
        {
            var fields = JsonNode.Parse(body)!.AsObject();
            var (has, lacks) = fields.ContainsKey("members") ? (OfSeveral, OfOne) : (OfOne, OfSeveral);
            Assert.All(has, field => Assert.True(fields.ContainsKey(field), $"{what} lacks {field}: {body}"));
            Assert.All(lacks, field => Assert.False(fields.ContainsKey(field), $"{what} has {field}: {body}"));
        }
        else if (what == "POST /captures 202")
        {
            Assert.Equal(Accepted, JsonNode.Parse(body)!.AsObject().Select(field => field.Key));
        }
    }

    private async Task CheckAsync(string what, NSwag.OpenApiResponse documented, HttpResponseMessage response)
    {
        await response.Content.LoadIntoBufferAsync();
        var type = response.Content.Headers.ContentType?.MediaType;
        if (documented.Content.Count == 0)
        {
            Assert.True(response.Content.Headers.ContentLength is null or 0 || type is null || !type.Contains("captures", StringComparison.Ordinal), what);
            return;
        }

        Assert.True(type is not null && documented.Content.TryGetValue(type, out _), $"{what} has the content type {type}, which is not documented.");
        if (type!.EndsWith("json", StringComparison.Ordinal))
        {
            var body = await response.Content.ReadAsStringAsync();
            var broken = ApiDocument.Check(body, documented.Content[type].Schema);
            Assert.True(broken.Count == 0, $"{what}\n{string.Join('\n', broken)}\n{body}");
            CheckShape(what, documented.Content[type].Schema, body);
        }
        else if (type == "application/jsonl")
        {
            var lines = await response.Content.ReadAsStringAsync();
            Assert.EndsWith("\n", lines, StringComparison.Ordinal);
            Assert.All(lines[..^1].Split('\n'), line => Assert.Empty(ApiDocument.Check(line, document.Document.Components.Schemas["LogEntry"])));
        }
    }
}
