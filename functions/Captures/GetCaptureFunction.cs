using System.Globalization;
using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// <c>GET /api/captures/{id}</c>: 200 for every capture that exists, running or ended; 304 when the caller has what there is to say. With
/// <c>?async=202</c> or <c>Prefer: respond-async</c> 202 as long as it goes on, for workflow engines.
/// With <c>?wait=30</c> the answer waits for a change: with <c>If-None-Match</c> for anything that differs from that, without it for another status.
/// A caller that has too many waiting already is answered at once, as if the wait were over (<see cref="LongPolls"/>).
/// </summary>
public sealed class GetCaptureFunction(CaptureReader captures, PollAddress poll, LongPolls polls, TimeProvider time, IHostApplicationLifetime host)
{
    /// <summary>The orchestration store has no bell to wait for, so that it is asked; one row a look.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>The same for several pods, with a row for each.</summary>
    private static readonly TimeSpan FleetPause = TimeSpan.FromSeconds(1);

    [Function("GetCapture")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "captures/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken)
    {
        if (AccessGate.Refusal(request, CallerRoles.Any, out var caller) is { } refused)
        {
            return Task.FromResult(refused);
        }

        var (wait, fault) = WaitOption.Read(request.Query);
        var (async, wrong) = AsyncOption.Read(request);
        IReadOnlyList<CaptureFault> faults = [.. QueryNames.Check(request.Query, WaitOption.Name, AsyncOption.Name), .. new[] { fault, wrong }.OfType<CaptureFault>()];
        return Problems.OfAnyAsync(faults, () => StoreProblems.OrProblemAsync(async () =>
        {
            if (await ChangedAsync(request, client, id, wait, caller.Id, cancellationToken) is not { } seen)
            {
                return Problems.UnknownCapture(id);
            }

            AsyncOption.Apply(request);
            return async && !seen.Ended ? Accepted(request, id, seen) : Answer(request, seen);
        }));
    }

    private static IResult Answer(HttpRequest request, SeenCapture seen)
    {
        if (!seen.Ended)
        {
            request.HttpContext.Response.Headers.RetryAfter = "1";
        }

        return seen.Body.Answer(request);
    }

    private IResult Accepted(HttpRequest request, string id, SeenCapture seen)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.Location = poll.Of(id);
        headers.RetryAfter = seen.SecondsToNextLook(time.GetUtcNow()).ToString(CultureInfo.InvariantCulture);
        return seen.Body.Answer(request, StatusCodes.Status202Accepted);
    }

    /// <summary>The capture as it is, once there is something to say or the wait is over. Null when there is none.</summary>
    private async Task<SeenCapture?> ChangedAsync(
        HttpRequest request, DurableTaskClient client, string id, TimeSpan wait, string callerId, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + wait;
        var tagged = request.Headers.IfNoneMatch.Count > 0;
        var first = await captures.TryFindAsync(client, id, cancellationToken);
        bool IsOld(SeenCapture? now) => now is { Ended: false } && (tagged ? now.Body.IsKnownTo(request) : now.Changes == first!.Changes);
        using var place = wait > TimeSpan.Zero && IsOld(first) ? polls.TryTake(callerId) : null;
        var seen = first;
        while (place is not null
            && IsOld(seen)
            && until - time.GetUtcNow() is var left && left > TimeSpan.Zero
            && await PauseAsync(seen!.Fleet ? FleetPause : Pause, left, cancellationToken))
        {
            seen = await captures.TryFindAsync(client, id, cancellationToken);
        }

        return seen;
    }

    /// <returns>False when the host is going down: whoever waits is answered then, and does not hold it up.</returns>
    private async Task<bool> PauseAsync(TimeSpan pause, TimeSpan left, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.ApplicationStopping);
        await Task.Delay(pause < left ? pause : left, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return !host.ApplicationStopping.IsCancellationRequested;
    }
}
