using CaptureFlow.Analysis;
using CaptureFlow.Evidence;
using CaptureFlow.Functions.Api;
using CaptureFlow.Functions.Triage;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// <c>GET /api/captures/{id}/files/capture.pcapng</c>: the stored file as pcapng, made while it is sent and kept nowhere. Its bytes are
/// those of the capture, so a link is never given, and whoever gets them is noted in the log first.
/// </summary>
internal sealed class PcapngFiles(ICaptureStore store, ICustodyLog log, TriageCards cards, TimeProvider time)
{
    private const string MediaType = "application/x-pcapng";

    public async Task<IResult> OfAsync(HttpRequest request, string id, Actor by, CancellationToken cancellationToken)
    {
        if (!CaptureIds.IsValid(id)
            || await store.TryReadManifestAsync(id, cancellationToken) is not { Evidence.FileName: { } stored } manifest
            || await store.TryOpenFileAsync(id, stored, cancellationToken) is not { } file)
        {
            return None(
                $"Capture '{Echo.Of(id)}' has stored no file to make {EvidenceFiles.CaptureAsPcapng} of.",
                "GET /api/captures/{id} lists what it has under links.");
        }

        PcapngExport? export = null;
        try
        {
            (export, var refusal) = await PcapngExport.OpenAsync(file, cancellationToken);
            if (export is null)
            {
                return None(
                    $"The file of capture '{id}' cannot be given as pcapng: {refusal}",
                    $"GET /api/captures/{id}/files/{stored} gives its bytes as they are.");
            }

            request.HttpContext.Response.Headers.CacheControl = "no-store";
            if (HttpMethods.IsHead(request.Method))
            {
                return Results.Bytes(Array.Empty<byte>(), MediaType);
            }

            var answer = await cards.GetAsync(id, EvidenceFiles.Triage, cancellationToken);
            if (answer is { Card: null, Status: StatusCodes.Status503ServiceUnavailable })
            {
                request.HttpContext.Response.Headers.RetryAfter = "10";
                return Problems.Of(answer.Status, answer.Why!);
            }

            var note = CustodyNotes.Downloaded(by, EvidenceFiles.CaptureAsPcapng, time.GetUtcNow(), inRanges: false);
            Download download = new(id, file, export, ManifestNotes.Of(manifest).WithComments(answer.Card is { } card ? KeptCard.TryRead(card)?.Comments() : null), note);
            (export, file) = (null, null);
            return new GuardedResult(Results.Stream(output => SendAsync(download, output, cancellationToken), MediaType, $"{id}.pcapng"));
        }
        finally
        {
            export?.Dispose();
            if (file is not null)
            {
                await file.DisposeAsync();
            }
        }
    }

    private async Task SendAsync(Download download, Stream output, CancellationToken cancellationToken)
    {
        await using var file = download.File;
        using var export = download.Export;
        await log.EnsureAsync(download.Id, [download.Note], cancellationToken);
        await export.WriteAsync(output, download.Notes, cancellationToken);
    }

    private static IResult None(string why, string remedy) =>
        Problems.Of(StatusCodes.Status404NotFound, new CaptureFault(FaultCodes.FileNotFound, why, remedy));

    private sealed record Download(string Id, Stream File, PcapngExport Export, PcapngNotes Notes, CustodyEntry Note);
}
