using System.Text;

namespace CaptureFlow.Analysis;

/// <summary>
/// A path as far as it may be shown: without query string, and with <c>{id}</c> for each part that does not look like a word of the
/// program. What looks like a word is kept; a name that a caller chose and that consists of letters cannot be told from one.
/// </summary>
internal static class RouteShape
{
    private const int MostSegments = 8;
    private const int LongestWord = 24;
    private const int LongestSegment = 60;
    private const string Id = "{id}";

    /// <param name="target">The request target: a path, a whole URL, or <c>*</c>.</param>
    public static string Of(ReadOnlySpan<byte> target)
    {
        var end = target.IndexOfAny("?#;"u8);
        target = end >= 0 ? target[..end] : target;
        var scheme = target.IndexOf("://"u8);
        if (scheme >= 0)
        {
            target = target[(scheme + 3)..];
            var path = target.IndexOf((byte)'/');
            target = path < 0 ? "/"u8 : target[path..];
        }

        if (target.Length == 0 || target[0] != '/')
        {
            return target.SequenceEqual("*"u8) ? "*" : Id;
        }

        StringBuilder shape = new();
        var segments = 0;
        foreach (var range in target[1..].Split((byte)'/'))
        {
            if (++segments > MostSegments)
            {
                return shape.Append("/…").ToString();
            }

            var segment = target[1..][range];
            shape.Append('/').Append(segment.Length == 0 ? "" : IsWords(segment) ? Encoding.ASCII.GetString(segment) : Id);
        }

        return shape.ToString();
    }

    /// <summary>A service and its method as gRPC has them: <c>/shop.v1.Cart/Add</c>.</summary>
    public static string OfCall(ReadOnlySpan<byte> path)
    {
        var slash = path.Length > 1 ? path[1..].IndexOf((byte)'/') : -1;
        return slash > 0 && path.Length <= LongestSegment * 2 && IsName(path[1..(slash + 1)]) && IsName(path[(slash + 2)..])
            ? Encoding.ASCII.GetString(path)
            : Of(path);
    }

    private static bool IsName(ReadOnlySpan<byte> name)
    {
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter is not ((byte)'.' or (byte)'_'))
            {
                return false;
            }
        }

        return name.Length > 0 && char.IsAsciiLetter((char)name[0]);
    }

    // Letters, in parts of bounded length; a digit only in a version: v1, v2beta1.
    private static bool IsWords(ReadOnlySpan<byte> segment)
    {
        if (segment.Length > LongestSegment)
        {
            return false;
        }

        foreach (var range in segment.SplitAny("-_.~"u8))
        {
            var word = segment[range];
            if (word.Length > LongestWord || !(IsLetters(word) || IsVersion(word)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLetters(ReadOnlySpan<byte> word)
    {
        var turns = 0;
        for (var i = 0; i < word.Length; i++)
        {
            if (!char.IsAsciiLetter((char)word[i]))
            {
                return false;
            }

            turns += i > 0 && char.IsAsciiLetterLower((char)word[i - 1]) && char.IsAsciiLetterUpper((char)word[i]) ? 1 : 0;
        }

        // aGVsbG8gd29ybGQ and its like go up and down far more often than words do.
        return turns <= 1 + (word.Length / 6);
    }

    private static bool IsVersion(ReadOnlySpan<byte> word)
    {
        if (word.Length is < 2 or > 10 || word[0] != 'v' || !char.IsAsciiDigit((char)word[1]))
        {
            return false;
        }

        var rest = word[1..].TrimStart("0123456789"u8);
        return rest.Length == 0 || rest.StartsWith("alpha"u8) || rest.StartsWith("beta"u8);
    }
}
