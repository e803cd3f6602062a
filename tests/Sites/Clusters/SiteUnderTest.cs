using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Tests.Clusters;

/// <summary>The pod site as a composition root gets it, for some settings.</summary>
internal sealed class SiteUnderTest : IDisposable
{
    private readonly ServiceProvider _services;

    public SiteUnderTest(params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"CaptureFlow:{s.Key}", s.Value))).Build();
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging()
            .AddKubernetesSite()
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public ICaptureSite Site => _services.GetRequiredService<ICaptureSite>();

    public ClusterRegistry Registry => _services.GetRequiredService<ClusterRegistry>();

    /// <summary>What a start of the host would be refused with.</summary>
    public IReadOnlyList<string> Problems()
    {
        try
        {
            _services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures];
        }
    }

    public static CaptureOrder Order(string? cluster) => new(
        CaptureIds.New(),
        new("shop", "web", Cluster: cluster),
        new(TimeSpan.FromSeconds(1), CaptureWindow.HeaderSnapLength, 1 << 20),
        null,
        "tests",
        null,
        DateTimeOffset.UnixEpoch);

    public void Dispose() => _services.Dispose();
}
