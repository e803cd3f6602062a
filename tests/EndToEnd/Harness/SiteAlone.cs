using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>The pod site without the application around it.</summary>
internal static class SiteAlone
{
    /// <summary>Builds it for a kubeconfig; where <paramref name="only"/> names a namespace, policy allows that one and no other is swept.</summary>
    public static ServiceProvider Build(string kubeconfig, string? only, string? image = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{ClusterOptions.Section}:KubeConfig"] = kubeconfig,
            [$"{TapOptions.Section}:Image"] = image ?? RealCluster.TapImage,
        }).Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging(logging => logging.AddSimpleConsole(o => o.SingleLine = true))
            .AddKubernetesSite()
            .Configure<CapturePolicy>(policy => { if (only is not null) { policy.Namespaces.Add(only); } })
            .BuildServiceProvider();
    }
}
