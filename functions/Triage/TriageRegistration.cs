using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.Functions.Triage;

/// <summary>For the composition root.</summary>
internal static class TriageRegistration
{
    public static IServiceCollection AddTriage(this IServiceCollection services)
    {
        services.AddOptions<TriageOptions>().BindConfiguration(TriageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<TriageCards>();
    }
}
