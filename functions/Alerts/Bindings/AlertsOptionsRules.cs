using CaptureFlow.Functions.Alerts.Sources;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Alerts.Bindings;

/// <summary>Everything that is wrong with the bindings, at start and at once, each with the setting's name. No value of a secret is repeated.</summary>
internal sealed class AlertsOptionsRules(IOptions<CapturePolicy> policy) : IValidateOptions<AlertsOptions>
{
    private static readonly TimeSpan LongestCoolDown = TimeSpan.FromHours(24);
    private const int MostCaptures = 10;

    public ValidateOptionsResult Validate(string? name, AlertsOptions options)
    {
        List<string> problems = [];
        foreach (var (binding, settings) in options.Bindings)
        {
            var path = $"{AlertsOptions.Section}:Bindings:{binding}";
            if (!DnsNames.IsLabel(binding))
            {
                problems.Add($"{path}: a binding's name has lower case letters, digits and hyphens, at most 63.");
            }

            if (!AlertSources.All.ContainsKey(settings.Source))
            {
                problems.Add($"{path}:Source is one of {string.Join(", ", AlertSources.All.Keys)}.");
            }

            AuthenticationRules.Check(settings, $"{path}:Authentication", problems);
            MatchRules.Check(settings, $"{path}:Match", problems);
            TargetRules.Check(settings.Target, $"{path}:Target", problems);
            CheckLimits(settings, path, problems);
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private void CheckLimits(AlertBindingOptions settings, string path, List<string> problems)
    {
        if (settings.CoolDown < settings.Window.Duration || settings.CoolDown > LongestCoolDown)
        {
            problems.Add($"{path}:CoolDown is at least the window ({settings.Window.Duration}) and at most {LongestCoolDown:d\\.hh\\:mm\\:ss}.");
        }

        if (settings.MaxCapturesPerCall is < 1 or > MostCaptures)
        {
            problems.Add($"{path}:MaxCapturesPerCall is 1 to {MostCaptures}.");
        }

        // Whatever an order's own rules say to the fixed part; the names are stand-ins, checked when there are some.
        var order = new FleetOrder(
            CaptureIds.FromKey(path),
            new("stand-in", "deployment/stand-in", null, null, settings.Target.MaxPods),
            new(settings.Window.Duration, settings.Window.SnapLength, settings.Window.MaxBytes, settings.Window.MaxPackets),
            settings.Filter,
            "alert",
            null,
            DateTimeOffset.UnixEpoch);
        problems.AddRange(FleetRules.Check(order, policy.Value)
            .Where(fault => fault.Code != FaultCodes.NamespaceForbidden)
            .Select(fault => $"{path}:{fault.Field}: {fault.Message} {fault.Remedy}"));
    }
}
