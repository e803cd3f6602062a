using Azure.Core;
using Azure.Identity;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Tokens of Entra ID for AKS.</summary>
internal sealed class EntraTokens(string name, TokenCredential credential) : ITokenSource
{
    /// <summary>The AKS server application, the same in every tenant; what kubelogin asks for.</summary>
    public const string Scope = "6dae42f8-4368-4678-94ff-3960e28e3630/.default";

    // When the library does not say when to renew; managed identities' tokens live a day, others an hour.
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    public string Name => name;

    public static EntraTokens Of(ClusterEntry entry)
    {
        var credential = entry.Credential ?? ClusterKinds.ManagedIdentity;
        return new(credential == ClusterKinds.AzureDefault ? "DefaultAzureCredential" : $"Azure {credential}", credential switch
        {
            ClusterKinds.WorkloadIdentity => entry.ClientId is { } client
                ? new WorkloadIdentityCredential(new WorkloadIdentityCredentialOptions { ClientId = client })
                : new WorkloadIdentityCredential(),
            ClusterKinds.AzureDefault => entry.ClientId is { } client
                ? new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = client, WorkloadIdentityClientId = client })
                : new DefaultAzureCredential(),
            _ => new ManagedIdentityCredential(entry.ClientId is { } client
                ? ManagedIdentityId.FromUserAssignedClientId(client)
                : ManagedIdentityId.SystemAssigned),
        });
    }

    public async Task<AccessToken> FetchAsync(CancellationToken cancellationToken)
    {
        var token = await credential.GetTokenAsync(new TokenRequestContext([Scope]), cancellationToken);
        return new(token.Token, token.RefreshOn ?? token.ExpiresOn - Early, token.ExpiresOn);
    }
}
