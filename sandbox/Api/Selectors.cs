using System.Text.Json.Nodes;

namespace CaptureFlow.Sandbox.Api;

/// <summary>Label and field selectors. One that cannot be read matches nothing and is reported by <see cref="Fault"/>.</summary>
internal sealed class Selectors
{
    private readonly List<Func<JsonObject, bool>> _tests = [];

    private Selectors()
    {
    }

    internal string? Fault { get; private set; }

    internal static Selectors Parse(string labels, string fields)
    {
        var made = new Selectors();
        foreach (var term in SplitTerms(labels))
        {
            made._tests.Add(made.LabelTest(term));
        }

        foreach (var term in SplitTerms(fields))
        {
            made._tests.Add(made.FieldTest(term));
        }

        return made;
    }

    internal bool Matches(JsonObject item) => Fault is null && _tests.TrueForAll(test => test(item));

    private Func<JsonObject, bool> LabelTest(string term)
    {
        if (term.IndexOf('(', StringComparison.Ordinal) is var open and > 0)
        {
            var words = term[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var values = term[(open + 1)..].TrimEnd(')', ' ').Split(',', StringSplitOptions.TrimEntries);
            switch (words)
            {
                case [var key, "in"]:
                    return item => Label(item, key) is { } value && values.Contains(value);
                case [var key, "notin"]:
                    return item => Label(item, key) is not { } value || !values.Contains(value);
                default:
                    Fault = $"unable to parse requirement: found '{term}'";
                    return _ => false;
            }
        }

        if (SplitOperator(term) is var (left, negated, right))
        {
            return item => (Label(item, left) == right) != negated;
        }

        return term.StartsWith('!') ? item => Label(item, term[1..].Trim()) is null : item => Label(item, term) is not null;
    }

    private Func<JsonObject, bool> FieldTest(string term)
    {
        if (SplitOperator(term) is var (left, negated, right))
        {
            return item => ((item.Text(left.Split('.')) ?? "") == right) != negated;
        }

        Fault = $"invalid selector: '{term}'; can't understand '{term}'";
        return _ => false;
    }

    private static (string Left, bool Negated, string Right)? SplitOperator(string term)
    {
        foreach (var (sign, negated) in new[] { ("!=", true), ("==", false), ("=", false) })
        {
            if (term.IndexOf(sign, StringComparison.Ordinal) is var at and > 0)
            {
                return (term[..at].Trim(), negated, term[(at + sign.Length)..].Trim());
            }
        }

        return null;
    }

    private static string? Label(JsonObject item, string key) => item.Text("metadata", "labels", key);

    private static IEnumerable<string> SplitTerms(string selector)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i <= selector.Length; i++)
        {
            var c = i < selector.Length ? selector[i] : ',';
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0)
            {
                if (selector[start..i].Trim() is { Length: > 0 } term)
                {
                    yield return term;
                }

                start = i + 1;
            }
        }
    }
}
