namespace CaptureFlow.Functions.Alerts;

/// <summary>Why an alert started nothing; the words of <c>ignored[].why</c>.</summary>
internal static class IgnoredAlert
{
    public const string Resolved = "resolved";

    /// <summary>News of an alert, or a test message.</summary>
    public const string NotFiring = "not-firing";

    /// <summary>One of a group that is not of the source's format.</summary>
    public const string Unreadable = "unreadable";

    public const string NotMatched = "not-matched";

    /// <summary>The labels name no target, or not by a name that Kubernetes could have given.</summary>
    public const string NoTarget = "no-target";

    public const string NamespaceNotAllowed = "namespace-not-allowed";

    /// <summary>A capture of the same target was started not long ago.</summary>
    public const string CoolDown = "cool-down";

    /// <summary>The call has started as many captures as its binding allows.</summary>
    public const string OverLimit = "over-limit";

    /// <summary>Left out by the sender.</summary>
    public const string Truncated = "truncated";
}
