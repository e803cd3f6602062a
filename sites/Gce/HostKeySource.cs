namespace CaptureFlow.Sites.Gce;

/// <summary>Where a node's host keys are known from.</summary>
public enum HostKeySource
{
    /// <summary>The instance's guest attributes, namespace <c>hostkeys</c>.</summary>
    GuestAttributes,

    /// <summary>The configuration.</summary>
    Pinned,
}
