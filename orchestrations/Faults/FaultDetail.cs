using System.Text.RegularExpressions;

namespace CaptureFlow.Orchestrations;

/// <summary>The other side's words as a fault carries them: bounded, and without what looks like a token.</summary>
internal static partial class FaultDetail
{
    /// <summary>Longest detail, characters: a webhook's whole policy report fits, a page of HTML does not.</summary>
    public const int Longest = 1_000;

    public static string? Of(string? words)
    {
        if (words is null)
        {
            return null;
        }

        var clean = Token().Replace(words, "[token]");
        return clean.Length <= Longest ? clean : string.Concat(clean.AsSpan(0, Longest - 1), "…");
    }

    // A JSON Web Token, whole or cut off; or whatever follows the word that precedes every credential of an HTTP header.
    [GeneratedRegex(@"\beyJ[\w-]{8,}(\.[\w-]*){0,2}|(?<=\b[Bb]earer )[\w.~+/=-]{8,}", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
