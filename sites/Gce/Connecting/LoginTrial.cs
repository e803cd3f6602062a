namespace CaptureFlow.Sites.Gce;

/// <summary>What became of a login.</summary>
/// <param name="Refused">True when the node answered, and said no.</param>
/// <param name="Words">The answer.</param>
internal sealed record LoginTrial(bool Refused, string Words);
