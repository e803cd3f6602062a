using System.CommandLine.Parsing;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Reads the address of a server, e.g. <c>http://127.0.0.1:7071</c>.</summary>
internal static class ServerAddress
{
    public static Uri Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : string.Empty;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https"))
        {
            return url;
        }

        result.AddError($"'{text}' is not an address like http://127.0.0.1:7071.");
        return new("about:blank");
    }
}
