namespace CaptureFlow.Sites.Gce;

/// <summary>A write under a fingerprint or etag came after somebody else's: it is made again on what is there now.</summary>
internal sealed class ComputeConflictException(string message, Exception inner) : Exception(message, inner);
