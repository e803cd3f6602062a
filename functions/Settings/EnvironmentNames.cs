using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace CaptureFlow.Functions.Settings;

/// <summary>
/// App settings of Azure have letters, digits and <c>_</c> in their names, and variables of a shell too, while clusters and alert bindings are named by DNS
/// labels, which have hyphens and no <c>_</c>. So in the name of one of these, as the environment gives it, <c>_</c> stands for a hyphen:
/// <c>CaptureFlow__Clusters__prod_west__Kind</c> is a setting of the cluster <c>prod-west</c>.
/// </summary>
public static class EnvironmentNames
{
    private static readonly string[] Labelled = ["CaptureFlow:Clusters:", "CaptureFlow:Alerts:Bindings:"];

    /// <summary>Reads the environment so, wherever the configuration reads it without a prefix, and at the same place among its sources.</summary>
    public static void UseEnvironmentNames(this IConfigurationBuilder configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        for (var at = 0; at < configuration.Sources.Count; at++)
        {
            if (configuration.Sources[at] is EnvironmentVariablesConfigurationSource { Prefix: null or "" })
            {
                configuration.Sources[at] = new Source();
            }
        }
    }

    private static string Meant(string key)
    {
        if (Labelled.FirstOrDefault(section => key.StartsWith(section, StringComparison.OrdinalIgnoreCase)) is not { Length: var from })
        {
            return key;
        }

        var to = key.IndexOf(':', from) is > 0 and var end ? end : key.Length;
        return $"{key.AsSpan(..from)}{key[from..to].Replace('_', '-')}{key.AsSpan(to..)}";
    }

    private sealed class Source : IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider();
    }

    private sealed class Provider() : EnvironmentVariablesConfigurationProvider(null)
    {
        public override void Load()
        {
            base.Load();

            // A name that is there with its hyphens is the plainer word.
            Data = Data.OrderBy(setting => Meant(setting.Key) == setting.Key).GroupBy(setting => Meant(setting.Key), StringComparer.OrdinalIgnoreCase)
                .ToDictionary(settings => settings.Key, settings => settings.Last().Value, StringComparer.OrdinalIgnoreCase);
        }
    }
}
