namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Where a capture's account is made.</summary>
/// <param name="Namespace">CaptureFlow's own, or the target's.</param>
/// <param name="Missing">Rights that CaptureFlow's own identity lacks there.</param>
internal sealed record AccountPlace(string Namespace, IReadOnlyList<Right> Missing);
