using System.Text.RegularExpressions;

namespace CaptureFlow.Sites.Gce;

/// <summary>A virtual machine of Compute Engine.</summary>
internal sealed partial record NodeInstance(string Project, string Zone, string Name)
{
    public override string ToString() => $"{Project}/{Zone}/{Name}";

    /// <summary>From a node's <c>spec.providerID</c>; null when it is none of Compute Engine's. The parts go into addresses: nothing but names passes.</summary>
    public static NodeInstance? TryRead(string? providerId) =>
        providerId is not null && Form().Match(providerId) is { Success: true } match
            ? new(match.Groups["project"].Value, match.Groups["zone"].Value, match.Groups["name"].Value)
            : null;

    // A project may belong to a domain: example.com:project.
    [GeneratedRegex(@"\Agce://(?<project>(?:[a-z0-9.-]{1,253}:)?[a-z][a-z0-9-]{4,28}[a-z0-9])/(?<zone>[a-z][a-z0-9-]{0,62})/(?<name>[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
