using System.Net.Http.Headers;
using k8s.Authentication;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Holds a cluster's access token and renews it before it expires. One request to the source at a time, however many ask; while the held token
/// is good, a renewal delays nobody, and its failure is logged and tried again. Without a good token the failure is a refusal, within a bound.
/// </summary>
internal sealed class AccessTokens(string cluster, ITokenSource source, TimeProvider time, ILogger logger) : ITokenProvider
{
    // Shorter than the time cap of a request, so that the refusal is seen and not the cap. Entra and Google answer within a second.
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(10);

    // A source that has just failed is not asked again by every request of a step.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // A token that is sent now must still be good when it is read.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private AccessToken? _held;
    private Task<Renewal>? _renewing;
    private (string Words, DateTimeOffset RetryAt)? _failed;

    /// <inheritdoc/>
    /// <exception cref="ClusterRefusalException">There is no token to be had.</exception>
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        Task<Renewal> renewing;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var mayAsk = _failed is not { } failed || now >= failed.RetryAt;
            if (_renewing is null && mayAsk && (_held is null || now >= _held.RenewAt))
            {
                // Off this thread: a source may do its first steps synchronously, and the gate is held.
                _renewing = Task.Run(RenewAsync, CancellationToken.None);
            }

            if (_held is { } held && now + Margin < held.ExpiresAt)
            {
                return Header(held);
            }

            renewing = _renewing ?? Task.FromResult(new Renewal(null, _failed?.Words));
        }

        var (token, words) = await renewing.WaitAsync(cancellationToken);
        return token is not null ? Header(token) : throw new ClusterRefusalException(ClusterRefusalException.NoConnection, ClusterRefusalException.NoToken, words!);
    }

    // Never throws: nobody may be waiting for it.
    private async Task<Renewal> RenewAsync()
    {
        Renewal renewal;
        try
        {
            using var cap = new CancellationTokenSource(Cap, time);
            renewal = new(await source.FetchAsync(cap.Token).WaitAsync(cap.Token), null);
        }
        catch (OperationCanceledException)
        {
            renewal = new(null, $"cluster '{cluster}', {source.Name}: no token within {Cap.TotalSeconds:0} s");
        }
        catch (Exception e)
        {
            // A boundary: each credential library has exceptions of its own, and all of them mean that there is no token.
            renewal = new(null, $"cluster '{cluster}', {source.Name}: {e.Message}");
        }

        lock (_gate)
        {
            _held = renewal.Token ?? _held;
            _failed = renewal.Words is { } why ? (why, time.GetUtcNow() + Pause) : null;
            _renewing = null;
        }

        if (renewal.Words is { } words)
        {
            logger.NoToken(words);
        }

        return renewal;
    }

    private static AuthenticationHeaderValue Header(AccessToken token) => new("Bearer", token.Value);

    private sealed record Renewal(AccessToken? Token, string? Words);
}
