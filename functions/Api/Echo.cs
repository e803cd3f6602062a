using System.Text;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Api;

/// <summary>What a caller sent, as an answer repeats it: enough to recognize it by, and no more.</summary>
internal static class Echo
{
    private const int LongestWord = 80;
    private const int LongestSentence = 300;

    /// <summary>A name or value.</summary>
    public static string Of(string text) => Readable(text, LongestWord);

    /// <summary>A sentence with one in it.</summary>
    public static string Short(string text) => Readable(text, LongestSentence);

    private static string Readable(string text, int longest) =>
        string.Concat(text.Take(longest).Select(c => Rune.TryCreate(c, out var rune) && PlainText.IsReadable(rune) ? c : '?').Append(text.Length > longest ? '…' : ' ')).TrimEnd();
}
