using System.Text.RegularExpressions;

namespace CaptureFlow.Orchestrations;

/// <summary>The grammar of Kubernetes' label selectors, as <c>kubectl get pods -l</c> takes them.</summary>
internal static class LabelSelector
{
    private const string Word = "[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?";
    private const string Key = $"(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?/)?{Word}";
    private const string Values = $@"\( *(?:{Word})?(?: *, *(?:{Word})?)* *\)";
    private const string Requirement = $"(?:! *{Key}|{Key}(?: *(?:==?|!=) *(?:{Word})?| +(?:in|notin) *{Values})?)";

    // Without backtracking: the time is that of the text's length, whatever is in it.
    private static readonly Regex Selector = new($@"\A *{Requirement} *(?:, *{Requirement} *)*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    public static bool IsOne(string text) => Selector.IsMatch(text);
}
