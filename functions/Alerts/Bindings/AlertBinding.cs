using System.Text.RegularExpressions;
using CaptureFlow.Functions.Alerts.Authentication;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Alerts.Bindings;

/// <summary>A binding as it is used: checked, with its defaults and its regular expressions in place.</summary>
internal sealed class AlertBinding
{
    private readonly (string Label, string? EqualTo, Regex? Regex)[] _matches;

    public AlertBinding(string name, AlertBindingOptions options)
    {
        Name = name;
        Options = options;
        options.Authentication.Header = AuthenticationRules.Header(options.Source, options.Authentication);
        options.Authentication.Format = AuthenticationRules.Format(options.Source, options.Authentication);
        _matches = [.. options.Match.Select(match => (match.Label, match.EqualTo, match.Regex is { } pattern ? MatchRules.Compile(pattern) : null))];
    }

    public string Name { get; }

    public AlertBindingOptions Options { get; }

    public AlertAuthenticationOptions Authentication => Options.Authentication;

    public CaptureWindow Window => new(Options.Window.Duration, Options.Window.SnapLength, Options.Window.MaxBytes, Options.Window.MaxPackets);

    public bool Matches(IReadOnlyDictionary<string, string> labels) => Array.TrueForAll(_matches, match =>
    {
        var value = labels.GetValueOrDefault(match.Label, "");
        return match.Regex is { } regex ? IsMatch(regex, value) : string.Equals(value, match.EqualTo, StringComparison.Ordinal);
    });

    private static bool IsMatch(Regex regex, string value)
    {
        try
        {
            return regex.IsMatch(value);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
