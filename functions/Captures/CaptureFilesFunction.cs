using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// <c>GET /api/captures/{id}/files/{name}</c> and <c>…/manifest</c>: what is stored of a capture. Where the store has links, a file is a 302 to one
/// that works for minutes; the manifest always comes from here, since tools read it and it is small.
/// </summary>
public sealed class CaptureFilesFunction(ICaptureStore store, IEvidenceLinks links)
{
    [Function("GetCaptureFile")]
    public Task<IResult> FileAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "captures/{id}/files/{name}")] HttpRequest request,
        string id,
        string name,
        CancellationToken cancellationToken)
    {
        if (AccessGate.Refusal(request, CallerRoles.Requester | CallerRoles.Reader, out var caller) is { } refused)
        {
            return Task.FromResult(refused);
        }

        return StoreProblems.OrProblemAsync(async () =>
        {
            if (name != EvidenceFiles.Manifest && await links.TryLinkAsync(id, name, caller.Name, cancellationToken) is { } link)
            {
                // The link is as good as the file: nobody on the way keeps it.
                request.HttpContext.Response.Headers.CacheControl = "no-store";
                request.HttpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
                return Results.Redirect(link.AbsoluteUri);
            }

            return await OpenAsync(id, name, name == EvidenceFiles.Manifest ? "application/json" : "application/vnd.tcpdump.pcap", cancellationToken);
        });
    }

    [Function("GetCaptureManifest")]
    public Task<IResult> ManifestAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "captures/{id}/manifest")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        return AccessGate.Refusal(request, CallerRoles.Requester | CallerRoles.Reader, out _) is { } refused
            ? Task.FromResult(refused)
            : StoreProblems.OrProblemAsync(() => OpenAsync(id, EvidenceFiles.Manifest, "application/json", cancellationToken));
    }

    private async Task<IResult> OpenAsync(string id, string name, string contentType, CancellationToken cancellationToken)
    {
        var file = CaptureIds.IsValid(id) ? await store.TryOpenFileAsync(id, name, cancellationToken) : null;
        return file is null
            ? Problems.Of(StatusCodes.Status404NotFound, new CaptureFault(
                FaultCodes.FileNotFound, $"Capture '{id}' has stored no file '{name}'.", $"GET {CaptureLinks.Self(id)} lists what it has under links."))
            : Results.Stream(file, contentType, name == EvidenceFiles.Manifest ? null : $"{id}.pcap", enableRangeProcessing: file.CanSeek);
    }
}
