using System.Net.Http.Headers;
using k8s.Authentication;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>A kubeconfig's <c>tokenFile</c>: read at every request, so that a token that is changed there is used from then on.</summary>
internal sealed class TokenFile(string path) : ITokenProvider
{
    /// <exception cref="ClusterRefusalException">The file cannot be read, or is empty.</exception>
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        try
        {
            var token = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
            return token.Length > 0 ? new("Bearer", token) : throw Unusable($"{path} is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e.Message);
        }
    }

    private static ClusterRefusalException Unusable(string words) => new(ClusterRefusalException.NoConnection, ClusterRefusalException.NoToken, $"tokenFile: {words}");
}
