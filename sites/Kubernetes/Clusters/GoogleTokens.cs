using Google.Apis.Auth.OAuth2;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Tokens of Google for GKE. Google's library holds its token itself and renews it some minutes before its end, but does not tell when that
/// is: it is asked every minute, which costs a request to Google about once an hour.
/// </summary>
internal sealed class GoogleTokens(string name, Func<CancellationToken, Task<ITokenAccess>> open, TimeProvider time) : ITokenSource
{
    public const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(1);

    // The library gives no token out that lives less than 3 min 45 s.
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(3);

    private ITokenAccess? _credential;

    public string Name => name;

    public static GoogleTokens Of(ClusterEntry entry, TimeProvider time)
    {
        var credential = entry.Credential ?? ClusterKinds.ApplicationDefault;
        return new($"Google {credential}", async cancellationToken => await OpenAsync(credential, entry.CredentialFile, cancellationToken), time);
    }

    public async Task<AccessToken> FetchAsync(CancellationToken cancellationToken)
    {
        // Asked for by one at a time; opened late and again after a failure, so that a file may be mended while the host runs.
        _credential ??= await open(cancellationToken);
        var now = time.GetUtcNow();
        var token = await _credential.GetAccessTokenForRequestAsync(cancellationToken: cancellationToken);
        return new(token, now + AskAgain, now + GoodFor);
    }

    // The kind of the file is told, not guessed: a file of another kind could send its own credentials to an address of its own.
    internal static async Task<GoogleCredential> OpenAsync(string credential, string? file, CancellationToken cancellationToken) => (credential switch
    {
        ClusterKinds.ServiceAccount => await CredentialFactory.FromFileAsync(file!, JsonCredentialParameters.ServiceAccountCredentialType, cancellationToken),
        ClusterKinds.WorkloadIdentity when file is not null => await CredentialFactory.FromFileAsync(file, JsonCredentialParameters.ExternalAccountCredentialType, cancellationToken),
        ClusterKinds.WorkloadIdentity => GoogleCredential.FromComputeCredential(new ComputeCredential()),
        _ => await GoogleCredential.GetApplicationDefaultAsync(cancellationToken),
    }).CreateScoped(Scope);
}
