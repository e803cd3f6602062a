using k8s;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Mints short-lived tokens of a capture's own account. A token lives in the memory of one step, and dies with its account.</summary>
internal sealed class CaptureTokens(ClusterConnection connection, ClusterCalls calls)
{
    // The shortest that API servers grant.
    private const long Seconds = 600;

    /// <summary>A token that is not to be kept.</summary>
    public async Task<string> MintAsync(string @namespace, string account, CancellationToken cancellationToken)
    {
        var request = new Authenticationv1TokenRequest { Spec = new() { Audiences = [], ExpirationSeconds = Seconds } };
        var minted = await calls.AskAsync(
            "create serviceaccounts/token",
            token => connection.Own.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, account, @namespace, cancellationToken: token),
            cancellationToken);
        return minted.Status.Token;
    }

    /// <summary>A client that acts as the account; the caller disposes it.</summary>
    public async Task<IKubernetes> OpenAsync(string @namespace, string account, CancellationToken cancellationToken) =>
        connection.As(await MintAsync(@namespace, account, cancellationToken));
}
