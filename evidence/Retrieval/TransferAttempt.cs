using System.Runtime.ExceptionServices;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>One reading from the site, from the first missing byte until it ends, breaks, stalls, runs over or runs out of time.</summary>
internal sealed class TransferAttempt(
    ICaptureSite site, RetrieveRequest request, StagedCopy copy, long limit, TimeSpan stallTime, TimeProvider time)
{
    private Exception? _storeFailure;

    /// <summary>True when more bytes came than the limit lets in.</summary>
    public bool Overran { get; private set; }

    /// <returns>Null when the site says that the file's end was reached; else what cut the transfer.</returns>
    public async Task<CaptureFault?> RunAsync(TimeSpan timeLeft, CancellationToken cancellationToken)
    {
        using var runOut = new CancellationTokenSource(timeLeft, time);
        using var stall = new CancellationTokenSource(stallTime, time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, runOut.Token, stall.Token);
        CaptureFault? cut;
        try
        {
            cut = await site.ReadAsync(request.Plan, request.Grant, copy.Length, (bytes, _) => TakeAsync(bytes, stall), attempt.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever breaks inside the transport's libraries (sockets, TLS, HTTP, this attempt's own tokens) is one more cut to recover from.
            cut = TransferFaults.Cut(copy.Length, exception.Message);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_storeFailure is not null)
        {
            ExceptionDispatchInfo.Throw(_storeFailure);
        }

        return stall.IsCancellationRequested ? TransferFaults.Stalled(copy.Length, stallTime)
            : runOut.IsCancellationRequested ? TransferFaults.Cut(copy.Length, "The step's time was up.")
            : cut;
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> bytes, CancellationTokenSource stall)
    {
        var room = Math.Max(limit - copy.Length, 0);
        Overran = bytes.Length > room;
        var taken = Overran ? bytes[..(int)room] : bytes;
        if (!taken.IsEmpty)
        {
            try
            {
                await copy.AppendAsync(taken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Kept, because the site may take it for a break of its own.
                _storeFailure = exception;
                throw;
            }

            stall.CancelAfter(stallTime);
        }

        if (Overran)
        {
            throw new OperationCanceledException("The file has more bytes than it may.");
        }
    }
}
