using System.Security.Cryptography;
using CaptureFlow.Functions.Alerts.Authentication;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Alerts.Bindings;

/// <summary>The bindings by name. Read once: new secrets come with a restart, as every setting of a Functions app does.</summary>
public sealed class AlertBindings(IOptions<AlertsOptions> options)
{
    private readonly Dictionary<string, AlertBinding> _bindings =
        options.Value.Bindings.ToDictionary(binding => binding.Key, binding => new AlertBinding(binding.Key, binding.Value), StringComparer.Ordinal);

    /// <summary>Stands for bindings that do not exist: nobody knows its secret, and asking it takes the same work.</summary>
    private readonly AlertBinding _nobody = new("", new()
    {
        Authentication = new() { Kind = AlertAuthenticationKinds.Bearer, Secrets = [RandomNumberGenerator.GetHexString(64)] },
    });

    /// <summary>All of them, by name.</summary>
    internal IEnumerable<AlertBinding> All => _bindings.Values.OrderBy(binding => binding.Name, StringComparer.Ordinal);

    internal AlertBinding? TryFind(string name) => _bindings.GetValueOrDefault(name);

    /// <summary>The binding, or one that refuses everybody.</summary>
    internal AlertBinding Find(string name) => _bindings.GetValueOrDefault(name, _nobody);
}
