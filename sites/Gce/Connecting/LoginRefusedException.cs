namespace CaptureFlow.Sites.Gce;

/// <summary>The node does not let a key in, or not yet.</summary>
internal sealed class LoginRefusedException(string message, Exception inner) : Exception(message, inner);
