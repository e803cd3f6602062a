using System.Security.Cryptography;
using CaptureFlow.Functions.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CaptureFlow.Functions.Triage;

/// <summary>A card as an HTTP answer.</summary>
internal static class TriageResults
{
    public static async Task<IResult> OfAsync(
        TriageCards cards, HttpRequest request, string id, string fileName, CancellationToken cancellationToken)
    {
        var answer = await cards.GetAsync(id, fileName, cancellationToken);
        var headers = request.HttpContext.Response.Headers;
        if (answer.Card is not { } card)
        {
            if (answer.Status == StatusCodes.Status503ServiceUnavailable)
            {
                headers.RetryAfter = "10";
            }

            return Problems.Of(answer.Status, answer.Why!);
        }

        // Names and addresses of somebody's traffic: one caller's business.
        headers.CacheControl = "private, no-cache";
        EntityTagHeaderValue tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(card))}\"");
        return Results.Bytes(card, TriageFormat.MediaType(fileName), entityTag: tag);
    }
}
