namespace CaptureFlow.Orchestrations;

/// <summary>RFC 1123 names as Kubernetes checks them.</summary>
public static class DnsNames
{
    public static bool IsLabel(string? name) => name is { Length: >= 1 and <= 63 } && Shaped(name);

    public static bool IsSubdomain(string? name) => name is { Length: >= 1 and <= 253 } && name.Split('.').All(part => part.Length > 0 && Shaped(part));

    private static bool Shaped(string text) =>
        char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
