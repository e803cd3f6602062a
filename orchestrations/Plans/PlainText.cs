using System.Globalization;
using System.Text;

namespace CaptureFlow.Orchestrations;

/// <summary>Text from outside that people read later, in a manifest, a log or a message.</summary>
public static class PlainText
{
    /// <summary>
    /// True when the text reads as it is written: no control characters, nothing that is invisible or turns the text around it (bidirectional marks,
    /// zero-width characters), no line or paragraph separators, no half of a surrogate pair.
    /// </summary>
    public static bool IsReadable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != System.Buffers.OperationStatus.Done || !IsReadable(rune))
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    /// <summary>The same of one character.</summary>
    public static bool IsReadable(Rune character) => Rune.GetUnicodeCategory(character)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
