using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Checks the whole registry at start; reports every problem at once.</summary>
internal sealed class ClusterRegistryRules(IConfiguration configuration, IOptions<ClusterOptions> defaultCluster) : IValidateOptions<ClusterRegistryOptions>
{
    public ValidateOptionsResult Validate(string? name, ClusterRegistryOptions options)
    {
        var section = configuration.GetSection($"{ClusterRegistryOptions.Section}:{nameof(options.Clusters)}");
        List<string> problems =
        [
            .. section.GetChildren().SelectMany(child => ClusterEntryRules.Check(
                child.Key, options.Clusters.TryGetValue(child.Key, out var entry) ? entry : new(), [.. child.GetChildren().Select(c => c.Key)])),
        ];
        if (options.Clusters.ContainsKey(ClusterRegistry.Default) && defaultCluster.Value is not { KubeConfig: null, Context: null })
        {
            problems.Add(
                $"{section.Path}:{ClusterRegistry.Default}: {ClusterOptions.Section} (or --kubeconfig, --context) names the default cluster too; keep one of them.");
        }

        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
