using CaptureFlow.Functions.Health;
using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.Functions.Reaping;

/// <summary>For the composition root.</summary>
internal static class ReapingRegistration
{
    public static IServiceCollection AddReaping(this IServiceCollection services) => services.AddSingleton<CaptureWatch>().AddSingleton<Sweeper>().AddSingleton<ReadinessLook>();
}
