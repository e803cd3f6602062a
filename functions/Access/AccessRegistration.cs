using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Access;

/// <summary>Adds who may do what.</summary>
internal static class AccessRegistration
{
    /// <remarks>The configuration is read when the options are asked for: sources may be added to it until then.</remarks>
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessOptions>()
            .Bind(configuration.GetSection(AccessOptions.Section))
            .Configure(options =>
            {
                foreach (var key in configuration.GetSection(ApiKeys.LocalSection).GetChildren())
                {
                    options.LocalKeys[key.Key] = key.Value ?? "";
                }
            })
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccessOptions>, AccessOptionsRules>();
        services.TryAddSingleton(PlatformAuthentication.OfProcess());
        return services.AddSingleton<AccessGate>();
    }
}
