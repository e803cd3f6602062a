namespace CaptureFlow.Sites.Kubernetes;

/// <summary>A failed request, understood.</summary>
/// <param name="Status">HTTP status, or <see cref="ClusterRefusalException.NoConnection"/>.</param>
/// <param name="Reason">Kubernetes' own reason.</param>
/// <param name="Words">The server's own message.</param>
/// <param name="Refused">True when the answer will be the same next time.</param>
/// <param name="RetryAfter">How long the server asks to wait.</param>
/// <param name="RetryAt">Until when the server asks to wait, if it gives a date.</param>
internal sealed record ClusterFailure(
    int Status, string Reason, string Words, bool Refused, TimeSpan? RetryAfter = null, DateTimeOffset? RetryAt = null)
{
    public static ClusterFailure Unreached(string words) => new(ClusterRefusalException.NoConnection, "Unreached", words, Refused: false);
}
