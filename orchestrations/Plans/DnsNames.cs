using System.Globalization;

namespace CaptureFlow.Orchestrations;

/// <summary>RFC 1123 names as Kubernetes checks them.</summary>
public static class DnsNames
{
    public static bool IsLabel(string? name) => name is { Length: >= 1 and <= 63 } && Shaped(name);

    public static bool IsSubdomain(string? name) => name is { Length: >= 1 and <= 253 } && name.Split('.').All(part => part.Length > 0 && Shaped(part));

    /// <summary>A port's number, or its name (RFC 6335: at most 15 characters, one of them a letter).</summary>
    public static bool IsPort(string? port) =>
        port is { Length: >= 1 and <= 15 }
        && (port.All(char.IsAsciiDigit) ? int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 65_535 : Shaped(port));

    private static bool Shaped(string text) =>
        char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
