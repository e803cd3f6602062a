using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The builder of a functions app. This stand-in compiles against it and cannot run it.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder
{
    internal FunctionsApplicationBuilder()
    {
    }

    public IDictionary<object, object> Properties => throw NoHost();

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    public ConfigurationManager Configuration => throw NoHost();

    public IHostEnvironment Environment => throw NoHost();

    public ILoggingBuilder Logging => throw NoHost();

    public IMetricsBuilder Metrics => throw NoHost();

    public IServiceCollection Services => throw NoHost();

    public IHost Build() => throw NoHost();

    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => throw NoHost();

    internal static PlatformNotSupportedException NoHost() => new(
        "This build uses a stand-in for Microsoft.Azure.Functions.Worker, which has no host. "
        + "Run the app with CaptureFlow.Local, or build with UsePolyfills=false from a feed that carries the package.");
}
