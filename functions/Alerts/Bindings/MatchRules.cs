using System.Text.RegularExpressions;

namespace CaptureFlow.Functions.Alerts.Bindings;

/// <summary>What is wrong with the conditions on labels; and their regular expressions.</summary>
internal static class MatchRules
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    public static void Check(AlertBindingOptions binding, string path, List<string> problems)
    {
        foreach (var (index, match) in binding.Match.Index())
        {
            if (match.Label.Length == 0 || (match.EqualTo is null) == (match.Regex is null))
            {
                problems.Add($"{path}:{index} has a Label, and either EqualTo or Regex.");
            }
            else if (match.Regex is { } pattern && Problem(pattern) is { } problem)
            {
                problems.Add($"{path}:{index}:Regex cannot be used: {problem}");
            }
        }
    }

    /// <summary>For the whole value. Linear in its length, and given up after 100 ms: values come from outside.</summary>
    public static Regex Compile(string pattern) => new($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Longest);

    private static string? Problem(string pattern)
    {
        try
        {
            // By itself first: "a)|(b" is only an expression inside our own brackets.
            _ = new Regex(pattern, RegexOptions.NonBacktracking, Longest);
            Compile(pattern);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return e.Message;
        }
    }
}
