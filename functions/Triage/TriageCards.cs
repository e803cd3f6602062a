using System.Text;
using CaptureFlow.Analysis;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Triage;

/// <summary>
/// The triage cards of stored captures. A card is made of the stored file, in a stream and in bounded memory and time, and kept beside it;
/// whoever comes first makes it, and it stays as it is. It is not evidence: a capture without its card lacks nothing that could not be had later.
/// </summary>
public sealed class TriageCards(ICaptureStore store, IOptions<TriageOptions> options, TimeProvider time, ILogger<TriageCards> logger)
    : IDisposable
{
    /// <summary>This part of a request's time is for the analysis; the packets after it are left out, and the card says so.</summary>
    private const double ShareForAnalysis = 0.8;

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>
    /// Makes the card of a capture that has just ended, where there is none. Takes at most <see cref="TriageOptions.AtEnd"/> and never fails
    /// for what analysis or store do: the capture ends all the same, and whoever asks for the card later makes it.
    /// </summary>
    internal async Task EnsureAtEndAsync(string captureId, CancellationToken cancellationToken)
    {
        if (options.Value.AtEnd == TimeSpan.Zero)
        {
            return;
        }

        try
        {
            using var within = new Deadline(options.Value.AtEnd, time, cancellationToken);

            // Rather none than a card of a part, which would stay: a request has more time.
            await EnsureAsync(captureId, Timeout.InfiniteTimeSpan, within.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotMade(logger, captureId, $"it took longer than {options.Value.AtEnd}");
        }
        catch (StoreRefusedException refusal)
        {
            Log.NotMade(logger, captureId, $"{refusal.Fault.Code} {refusal.Fault.Detail}");
        }
        catch (StepUnavailableException away)
        {
            Log.NotMade(logger, captureId, away.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The boundary between evidence and what is made of it: the first does not depend on the second.
            Log.Failed(logger, captureId, e);
        }
    }

    /// <summary>The card, made now when there is none.</summary>
    /// <param name="captureId">The capture.</param>
    /// <param name="fileName">One of <see cref="EvidenceFiles.Derived"/>.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="StepUnavailableException">The store is away.</exception>
    /// <exception cref="StoreRefusedException">The store refuses.</exception>
    internal async Task<TriageAnswer> GetAsync(string captureId, string fileName, CancellationToken cancellationToken)
    {
        if (!CaptureIds.IsValid(captureId) || await store.TryReadManifestAsync(captureId, cancellationToken) is not { } manifest)
        {
            return None(
                captureId, "has no triage card: nothing is stored", "It is made of the stored file; GET /api/captures/{id} says how far the capture is.");
        }

        if (manifest.Evidence.FileName is null)
        {
            return None(captureId, "has no triage card: it stored no file to make it of", "The manifest says why there is no file.");
        }

        if (await TryReadAsync(captureId, fileName, cancellationToken) is { } kept)
        {
            return new(kept, null, StatusCodes.Status200OK);
        }

        return options.Value.OnDemand == TimeSpan.Zero
            ? NotMade(
                StatusCodes.Status404NotFound,
                "No card was made when the capture ended, and none is made on demand here",
                $"Set {TriageOptions.Section}:OnDemand, or download the file and run captureflow analyze.")
            : await MakeNowAsync(captureId, fileName, options.Value.OnDemand, cancellationToken);
    }

    /// <summary>What the stored card says, in one line; never makes one.</summary>
    /// <returns>Null when there is none, or it cannot be read now.</returns>
    internal async Task<TriageInShort?> TryReadInShortAsync(string captureId, CancellationToken cancellationToken)
    {
        try
        {
            if (await TryReadAsync(captureId, EvidenceFiles.Triage, cancellationToken) is not { } json)
            {
                return null;
            }

            if (KeptCard.TryRead(json) is { } card)
            {
                return card.InShort();
            }

            Log.Unreadable(logger, captureId, "it is no card");
        }
        catch (StoreRefusedException refusal)
        {
            Log.Unreadable(logger, captureId, refusal.Fault.Code);
        }
        catch (StepUnavailableException away)
        {
            Log.Unreadable(logger, captureId, away.Message);
        }

        return null;
    }

    public void Dispose() => _one.Dispose();

    private async Task<TriageAnswer> MakeNowAsync(string captureId, string fileName, TimeSpan longest, CancellationToken cancellationToken)
    {
        try
        {
            using var within = new Deadline(longest, time, cancellationToken);
            await EnsureAsync(captureId, longest * ShareForAnalysis, within.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NotMade(
                StatusCodes.Status503ServiceUnavailable,
                $"The triage card was not made within {longest}",
                "Ask again: others may be ahead of it. Or download the file and run captureflow analyze.");
        }
        catch (Exception e) when (e is not (OperationCanceledException or StoreRefusedException or StepUnavailableException))
        {
            // The same boundary: a file that cannot be read on, or a defect, is an answer with a code.
            Log.Failed(logger, captureId, e);
            return NotMade(
                StatusCodes.Status503ServiceUnavailable,
                "The triage card could not be made: the analysis failed unexpectedly",
                "Ask again; if it persists, the host's log says why. The file itself is not affected.");
        }

        return await TryReadAsync(captureId, fileName, cancellationToken) is { } made
            ? new(made, null, StatusCodes.Status200OK)
            : None(
                captureId, "has no triage card: its file is not there any more", "Its time may be over; GET /api/captures/{id} says what there is.");
    }

    private async Task EnsureAsync(string captureId, TimeSpan analysis, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (await TryReadAsync(captureId, EvidenceFiles.Triage, cancellationToken) is not null
                && await TryReadAsync(captureId, EvidenceFiles.TriageText, cancellationToken) is not null)
            {
                return;
            }

            await MakeAsync(captureId, analysis, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task MakeAsync(string captureId, TimeSpan analysis, CancellationToken cancellationToken)
    {
        if (await store.TryOpenFileAsync(captureId, EvidenceFiles.Capture, cancellationToken) is not { } file)
        {
            return;
        }

        var began = time.GetTimestamp();
        TriageCard card;
        await using (file)
        {
            AnalysisOptions limits = new() { Longest = analysis == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : analysis, Time = time };
            card = await CaptureAnalyzer.AnalyzeAsync(file, limits, cancellationToken);
        }

        // The text first, so that whoever finds the card finds both.
        await KeepAsync(captureId, EvidenceFiles.TriageText, CardMarkdown.Write(card), cancellationToken);
        await KeepAsync(captureId, EvidenceFiles.Triage, CardJson.Write(card), cancellationToken);
        Log.Made(logger, captureId, card.File.Packets, time.GetElapsedTime(began).TotalSeconds);
    }

    private Task<bool> KeepAsync(string captureId, string fileName, string text, CancellationToken cancellationToken) =>
        store.TryAddDerivedAsync(captureId, fileName, Encoding.UTF8.GetBytes(text), cancellationToken);

    private async Task<byte[]?> TryReadAsync(string captureId, string fileName, CancellationToken cancellationToken)
    {
        if (await store.TryOpenFileAsync(captureId, fileName, cancellationToken) is not { } file)
        {
            return null;
        }

        await using (file)
        {
            using MemoryStream card = new();
            await file.CopyToAsync(card, cancellationToken);
            return card.ToArray();
        }
    }

    private static TriageAnswer None(string captureId, string why, string remedy) =>
        new(null, new(FaultCodes.FileNotFound, $"Capture '{Echo.Of(captureId)}' {why}.", remedy), StatusCodes.Status404NotFound);

    private static TriageAnswer NotMade(int status, string why, string remedy) =>
        new(null, new(FaultCodes.TriageNotMade, $"{why}.", remedy), status);
}
