using System.Text.RegularExpressions;
using CaptureFlow.Functions.Alerts.Authentication;
using CaptureFlow.Functions.Api;
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

    /// <summary>The first condition that an alert's labels do not meet, in a sentence; null when they meet all.</summary>
    public string? Mismatch(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (label, equalTo, regex) in _matches)
        {
            var value = labels.GetValueOrDefault(label, "");
            if (regex is null ? !string.Equals(value, equalTo, StringComparison.Ordinal) : !IsMatch(regex, value))
            {
                var found = value.Length == 0 ? $"There is no label '{label}'" : $"Label '{label}' is '{Echo.Of(value)}'";
                return $"{found}; the binding wants {(regex is null ? $"'{equalTo}'" : "another value")}.";
            }
        }

        return null;
    }

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
