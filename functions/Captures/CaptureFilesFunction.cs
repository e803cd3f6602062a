using CaptureFlow.Evidence;
using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Api;
using CaptureFlow.Functions.Triage;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// <c>GET /api/captures/{id}/files/{name}</c>, <c>…/manifest</c> and <c>…/log</c>: what is stored of a capture. Where the store has links, a file is a 302
/// to one that works for minutes; manifest, triage card and log always come from here, since tools read them and they are small. Whoever gets the file's bytes is noted
/// in the log first: without the note, no bytes.
/// </summary>
public sealed class CaptureFilesFunction(ICaptureStore store, IEvidenceLinks links, ICustodyLog log, TriageCards cards, TimeProvider time)
{
    private const string ManifestType = "application/json";
    private const string LogType = "application/jsonl";

    private readonly PcapngFiles _pcapng = new(store, log, cards, time);

    [Function("GetCaptureFile")]
    public Task<IResult> FileAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "captures/{id}/files/{name}")] HttpRequest request,
        string id,
        string name,
        CancellationToken cancellationToken)
    {
        if (AccessGate.Refusal(request, CallerRoles.Requester | CallerRoles.Reader, out var caller) is { } refused)
        {
            return Task.FromResult(refused);
        }

        return Problems.OfAnyAsync(QueryNames.Check(request.Query), () => StoreProblems.OrProblemAsync(async () =>
        {
            if (EvidenceFiles.Derived.Contains(name))
            {
                return await TriageResults.OfAsync(cards, request, id, name, cancellationToken);
            }

            Actor by = new(caller.Id, caller.Name);
            if (name == EvidenceFiles.CaptureAsPcapng)
            {
                return await _pcapng.OfAsync(request, id, by, cancellationToken);
            }

            // Who only asks whether there is one, and how large, gets no link: it would be as good as the file.
            if (!HttpMethods.IsHead(request.Method)
                && name != EvidenceFiles.Manifest
                && CaptureIds.IsValid(id)
                && await links.TryLinkAsync(id, name, by, cancellationToken) is { } link)
            {
                // The link is as good as the file: nobody on the way keeps it.
                request.HttpContext.Response.Headers.CacheControl = "no-store";
                request.HttpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
                return Results.Redirect(link.AbsoluteUri);
            }

            return name == EvidenceFiles.Manifest
                ? await OpenAsync(id, name, ManifestType, null, cancellationToken)
                : await OpenAsync(id, name, "application/vnd.tcpdump.pcap", new(request, by), cancellationToken);
        }));
    }

    [Function("GetCaptureManifest")]
    public Task<IResult> ManifestAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "captures/{id}/manifest")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        return AccessGate.Refusal(request, CallerRoles.Requester | CallerRoles.Reader, out _) is { } refused
            ? Task.FromResult(refused)
            : Problems.OfAnyAsync(
                QueryNames.Check(request.Query),
                () => StoreProblems.OrProblemAsync(() => OpenAsync(id, EvidenceFiles.Manifest, ManifestType, null, cancellationToken)));
    }

    [Function("GetCaptureLog")]
    public Task<IResult> LogAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "captures/{id}/log")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        if (AccessGate.Refusal(request, CallerRoles.Requester | CallerRoles.Reader, out _) is { } refused)
        {
            return Task.FromResult(refused);
        }

        return Problems.OfAnyAsync(QueryNames.Check(request.Query), () => StoreProblems.OrProblemAsync(async () => await log.TryOpenAsync(id, cancellationToken) is { } entries
            ? Results.Stream(entries, LogType)
            : Problems.Of(StatusCodes.Status404NotFound, new CaptureFault(
                FaultCodes.FileNotFound, $"Capture '{Echo.Of(id)}' has no log.", "A log begins when the permission is granted or denied, and is kept for a time after the capture. Compare the id."))));
    }

    private async Task<IResult> OpenAsync(string id, string name, string contentType, Download? download, CancellationToken cancellationToken)
    {
        if (!CaptureIds.IsValid(id) || await store.TryOpenFileAsync(id, name, cancellationToken) is not { } file)
        {
            return Problems.Of(StatusCodes.Status404NotFound, new CaptureFault(
                FaultCodes.FileNotFound, $"Capture '{Echo.Of(id)}' has stored no file '{Echo.Of(name)}'.", "GET /api/captures/{id} lists what it has under links."));
        }

        if (download is null)
        {
            return Results.Stream(file, contentType);
        }

        var manifest = await store.TryReadManifestAsync(id, cancellationToken);
        var tag = manifest?.Evidence.Sha256 is { Length: > 0 } sha256 ? new EntityTagHeaderValue($"\"{sha256}\"") : null;
        var storedAt = FileConditions.Heed(download.Request.Headers, manifest);
        var note = CustodyNotes.Downloaded(download.By, name, time.GetUtcNow(), inRanges: download.Request.Headers.Range.Count > 0);

        // Noted when the first byte is read, so that a range that does not exist, or a file that the caller has already, is no download.
        NotedStream noted = new(file, () => log.EnsureAsync(id, [note], cancellationToken));
        return new GuardedResult(Results.Stream(noted, contentType, $"{id}.pcap", storedAt, tag, enableRangeProcessing: file.CanSeek));
    }

    private sealed record Download(HttpRequest Request, Actor By);
}
