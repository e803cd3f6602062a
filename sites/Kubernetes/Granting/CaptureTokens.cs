using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Mints short-lived tokens of a capture's own account. A token lives in the memory of one step, and dies with its account.</summary>
internal sealed class CaptureTokens(ClusterConnection connection, ClusterCalls calls)
{
    // The shortest that API servers grant.
    private const long Seconds = 600;

    // API servers before 1.30 put no serial number into a token: two of the same account, second and lifetime are one and the same, and
    // using the one would use the other.
    private const long WitnessSeconds = 601;

    /// <summary>A token that is never used while its account lives, to be shown to the API server afterwards.</summary>
    public Task<string> MintWitnessAsync(string @namespace, string account, CancellationToken cancellationToken) =>
        MintAsync(@namespace, account, WitnessSeconds, cancellationToken);

    /// <summary>A client that acts as the grant's account; the caller disposes it.</summary>
    public Task<IKubernetes> OpenAsync(Grant grant, CancellationToken cancellationToken) => OpenAsync(AccountHome.Of(grant), grant.Name, cancellationToken);

    /// <summary>A client that acts as the account; the caller disposes it.</summary>
    public async Task<IKubernetes> OpenAsync(string @namespace, string account, CancellationToken cancellationToken) =>
        connection.As(await MintAsync(@namespace, account, Seconds, cancellationToken));

    private async Task<string> MintAsync(string @namespace, string account, long seconds, CancellationToken cancellationToken)
    {
        var request = new Authenticationv1TokenRequest { Spec = new() { Audiences = [], ExpirationSeconds = seconds } };
        var minted = await calls.AskAsync(
            "create serviceaccounts/token",
            token => connection.Own.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, account, @namespace, cancellationToken: token),
            cancellationToken);
        return minted.Status.Token;
    }
}
