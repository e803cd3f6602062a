using CaptureFlow.Evidence;
using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// <c>GET /api/captures/{id}/files/{name}</c>, <c>…/manifest</c> and <c>…/log</c>: what is stored of a capture. Where the store has links, a file is a 302
/// to one that works for minutes; manifest and log always come from here, since tools read them and they are small. Whoever gets the file's bytes is noted
/// in the log first: without the note, no bytes.
/// </summary>
public sealed class CaptureFilesFunction(ICaptureStore store, IEvidenceLinks links, ICustodyLog log, TimeProvider time)
{
    private const string ManifestType = "application/json";
    private const string LogType = "application/jsonl";

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

        return Problems.OfAnyAsync(QueryNames.Check(request.Query), () => StoreProblems.OrProblemAsync(async () =>
        {
            if (name != EvidenceFiles.Manifest && CaptureIds.IsValid(id) && await links.TryLinkAsync(id, name, caller.Name, cancellationToken) is { } link)
            {
                // The link is as good as the file: nobody on the way keeps it.
                request.HttpContext.Response.Headers.CacheControl = "no-store";
                request.HttpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
                return Results.Redirect(link.AbsoluteUri);
            }

            return name == EvidenceFiles.Manifest
                ? await OpenAsync(id, name, ManifestType, cancellationToken)
                : await OpenAsync(id, name, "application/vnd.tcpdump.pcap", cancellationToken, caller.Name);
        }));
    }

    [Function("GetCaptureManifest")]
    public Task<IResult> ManifestAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "captures/{id}/manifest")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        return AccessGate.Refusal(request, CallerRoles.Requester | CallerRoles.Reader, out _) is { } refused
            ? Task.FromResult(refused)
            : Problems.OfAnyAsync(
                QueryNames.Check(request.Query),
                () => StoreProblems.OrProblemAsync(() => OpenAsync(id, EvidenceFiles.Manifest, ManifestType, cancellationToken)));
    }

    [Function("GetCaptureLog")]
    public Task<IResult> LogAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "captures/{id}/log")] HttpRequest request,
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
                FaultCodes.FileNotFound, $"Capture '{Echo.Of(id)}' has no log.", "A log begins when the permission is granted, and is kept for a time after the capture. Compare the id."))));
    }

    private async Task<IResult> OpenAsync(string id, string name, string contentType, CancellationToken cancellationToken, string? notedFor = null)
    {
        var file = CaptureIds.IsValid(id) ? await store.TryOpenFileAsync(id, name, cancellationToken) : null;
        if (file is not null && notedFor is not null)
        {
            await NoteAsync(id, name, notedFor, file, cancellationToken);
        }

        return file is null
            ? Problems.Of(StatusCodes.Status404NotFound, new CaptureFault(
                FaultCodes.FileNotFound, $"Capture '{Echo.Of(id)}' has stored no file '{Echo.Of(name)}'.", "GET /api/captures/{id} lists what it has under links."))
            : Results.Stream(file, contentType, name == EvidenceFiles.Manifest ? null : $"{id}.pcap", enableRangeProcessing: file.CanSeek);
    }

    private async Task NoteAsync(string id, string name, string caller, Stream file, CancellationToken cancellationToken)
    {
        try
        {
            await log.EnsureAsync(id, [CustodyNotes.Downloaded(caller, name, time.GetUtcNow(), linkUntil: null)], cancellationToken);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
