using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence;

/// <summary>
/// Signs the head of the day that ended. A day has one head ever: whoever can write the store, but not sign, can neither replace it nor go back to an earlier
/// one, so that what it names cannot be cut unseen.
/// </summary>
public sealed class CustodyDaySealer(
    ICustodyDays days, ICustodyLog log, CustodySigning signing, IOptions<RetentionOptions> retention, TimeProvider time, ILogger<CustodyDaySealer> logger)
{
    /// <summary>May be repeated, and by several hosts at once. A day that no host ran is left out; the next head names what was written since the last.</summary>
    /// <returns>The day that was sealed; null when there was nothing to seal, or no key.</returns>
    /// <exception cref="StoreRefusedException">The store refuses.</exception>
    /// <exception cref="StepUnavailableException">The store is away.</exception>
    public async Task<DateOnly?> SealAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var day = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-1);
        var last = (await days.DaysAsync(cancellationToken)).Select(DateOnly? (known) => known).LastOrDefault();
        if (last >= day || !signing.IsConfigured)
        {
            return null;
        }

        // A store that never had a log needs no key either.
        var logs = await LogsAsync(last, cancellationToken);
        if ((last is null && logs.Count == 0) || await KeyAsync(cancellationToken) is not { } key)
        {
            return null;
        }

        var previous = last is { } before ? await days.TryReadAsync(before, cancellationToken) : null;
        CustodyDay head = new(
            CustodyDay.CurrentSchema,
            day,
            now,
            previous is null ? null : last,
            previous is null ? null : CustodyDay.HashOf(previous),
            retention.Value.LogDays,
            logs);
        if (!await days.TryWriteAsync(day, head.Write(key), cancellationToken))
        {
            return null;
        }

        Log.DaySealed(logger, day, head.Logs.Count, key.Id);
        return day;
    }

    private async Task<CustodyKey?> KeyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await signing.KeyAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StepUnavailableException($"The key that logs are signed with cannot be read: {e.Message}", e);
        }
    }

    private async Task<List<CustodyDayLog>> LogsAsync(DateOnly? last, CancellationToken cancellationToken)
    {
        List<CustodyDayLog> logs = [];
        var since = last is { } before ? new DateTimeOffset(before.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) : (DateTimeOffset?)null;
        foreach (var id in (await days.WrittenSinceAsync(since, cancellationToken)).Order(StringComparer.Ordinal))
        {
            if (await log.TryOpenAsync(id, cancellationToken) is not { } stream)
            {
                continue;
            }

            using MemoryStream bytes = new();
            await using (stream)
            {
                await stream.CopyToAsync(bytes, cancellationToken);
            }

            var reading = CustodyChain.Read(id, bytes.ToArray());
            if (reading.Broken is { } broken)
            {
                Log.LogDoesNotHold(logger, id, broken.Line, broken.Why);
            }

            if (reading.Entries is [.., var head])
            {
                logs.Add(new(id, head.Seq, head.Hash, head.Entry.At));
            }
        }

        return logs;
    }
}
