using System.Text.Json;
using CaptureFlow.Functions.Api;
using CaptureFlow.Functions.Captures;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Approvals;

/// <summary>Reads the body of a decision: nothing, or <c>{"comment": "…"}</c>.</summary>
internal static class DecisionComment
{
    public static async Task<(string? Comment, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is 0 || (request.ContentLength is null && !request.Headers.ContainsKey("Transfer-Encoding")))
        {
            return (null, null);
        }

        var (document, problem) = await JsonBody.ReadAsync(request, cancellationToken);
        if (document is null)
        {
            return (null, problem);
        }

        using (document)
        {
            var (comment, faults) = Read(document.RootElement);
            return (comment, faults.Count > 0 ? Problems.Of(StatusCodes.Status400BadRequest, faults) : null);
        }
    }

    private static (string? Comment, IReadOnlyList<CaptureFault> Faults) Read(JsonElement body)
    {
        OrderFields fields = new();
        if (body.ValueKind == JsonValueKind.Null)
        {
            return (null, []);
        }

        if (body.ValueKind != JsonValueKind.Object)
        {
            fields.Fault("$", "The body is no JSON object.", "Send no body, or {\"comment\":\"…\"}.");
            return (null, fields.Faults);
        }

        fields.NameUnknown(body, "", "comment");
        var comment = fields.ReadText(body, "comment", "comment");
        if (comment is not null && (comment.Length > CaptureCeilings.ReasonLength || !PlainText.IsReadable(comment)))
        {
            fields.Fault("comment", $"The comment is longer than {CaptureCeilings.ReasonLength} characters or has control characters or invisible ones.", "Write it in one line of plain text.");
        }

        return (comment, fields.Faults);
    }
}
