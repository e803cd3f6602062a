namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Where tokens for an API server come from. Throws what its library throws; <see cref="AccessTokens"/> caps and words it.</summary>
internal interface ITokenSource
{
    /// <summary>In words, for faults.</summary>
    string Name { get; }

    Task<AccessToken> FetchAsync(CancellationToken cancellationToken);
}
