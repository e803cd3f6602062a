using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Evidence;

/// <summary>One run of the retrieve step, over an open staging area: attempts with pauses between them, until the file is whole or no more can be had.</summary>
internal sealed class Transfer(
    ICaptureSite site, RetrieveRequest request, StagedCopy copy, RetrievalOptions options, TimeProvider time, long started, ILogger logger)
{
    private readonly string _id = request.Plan.Order.CaptureId;
    private readonly TapSummary? _tapped = request.Tapped;

    /// <summary>Never more bytes than this, whatever the container claims or sends.</summary>
    private readonly long _cap = request.Plan.ByteBound + options.Slack;

    private int _resumptions = copy.Length > 0 ? 1 : 0;
    private bool _startedAgain;

    private TimeSpan Left => options.LongestRun - time.GetElapsedTime(started);

    private bool AllBytes => _tapped is not null && copy.Length >= _tapped.Bytes;

    private bool Verified => AllBytes && copy.Length == _tapped!.Bytes && copy.Sha256 == _tapped.Sha256;

    public async Task<StepResult<RetrievedFile>> RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<CaptureFault> faults;
        try
        {
            faults = await FetchAsync(cancellationToken);
            await copy.FlushAsync(cancellationToken);
        }
        catch (StoreRefusedException refusal)
        {
            faults = [refusal.Fault];
        }

        return new(new(copy.Length, copy.Sha256, faults.Count == 0 && Verified, _resumptions), faults);
    }

    private async Task<IReadOnlyList<CaptureFault>> FetchAsync(CancellationToken cancellationToken)
    {
        var breaks = 0;
        var overran = false;
        while (overran || !Verified)
        {
            if ((overran || AllBytes) && !await TryStartAgainAsync(overran, cancellationToken))
            {
                return [TransferFaults.Mismatch(_tapped, copy.Length, overran)];
            }

            if (Left <= TimeSpan.Zero)
            {
                break;
            }

            var before = copy.Length;
            var attempt = new TransferAttempt(site, request, copy, Math.Min(_tapped?.Bytes ?? _cap, _cap), options.Stall, time);
            var cut = await attempt.RunAsync(Left, cancellationToken);
            await copy.DrainAsync();
            overran = attempt.Overran;
            if (!overran && !AllBytes)
            {
                breaks = copy.Length > before ? 1 : breaks + 1;
                if (Final(cut, breaks) is { } fault)
                {
                    return [fault];
                }

                await PauseAsync(cut, breaks, cancellationToken);
            }
        }

        return [];
    }

    /// <summary>The fault that ends the transfer; null when it is worth going on.</summary>
    private CaptureFault? Final(CaptureFault? cut, int breaks) => cut switch
    {
        null when _tapped is null => TransferFaults.NoAccount(copy.Length, request.Unread),
        { Code: FaultCodes.PodGone or FaultCodes.TapGone } => cut,
        _ when breaks > options.BreaksWithoutProgress => cut ?? TransferFaults.EndedEarly(copy.Length, _tapped!.Bytes),
        _ => null,
    };

    /// <summary>A mismatch may be the transfer's fault, once. A second time it is the file's.</summary>
    private async Task<bool> TryStartAgainAsync(bool overran, CancellationToken cancellationToken)
    {
        if (_startedAgain || _tapped is null || _tapped.Bytes > _cap)
        {
            return false;
        }

        Log.StartsAgain(logger, _id, copy.Length, overran);
        _startedAgain = true;
        _resumptions++;
        await copy.ResetAsync(cancellationToken);
        return true;
    }

    private async Task PauseAsync(CaptureFault? cut, int breaks, CancellationToken cancellationToken)
    {
        Log.Cut(logger, _id, copy.Length, breaks, cut?.Code ?? FaultCodes.TransferCut, cut?.Detail ?? cut?.Message);
        if (Left <= TimeSpan.Zero)
        {
            return;
        }

        _resumptions++;
        var pause = options.FirstPause * Math.Pow(2, Math.Min(breaks - 1, 20));
        pause = pause < options.LongestPause ? pause : options.LongestPause;
        await Task.Delay(pause < Left ? pause : Left, time, cancellationToken);
    }
}
