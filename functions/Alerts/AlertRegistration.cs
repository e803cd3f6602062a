using CaptureFlow.Functions.Alerts.Authentication;
using CaptureFlow.Functions.Alerts.Bindings;
using CaptureFlow.Functions.Alerts.History;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Alerts;

/// <summary>For the composition root.</summary>
internal static class AlertRegistration
{
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.AddOptions<AlertsOptions>().BindConfiguration(AlertsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AlertsOptions>, AlertsOptionsRules>();
        services.AddSingleton<AlertBindings>();
        services.AddSingleton<OpenIdTokens>().AddSingleton<EntraTokens>().AddSingleton<GoogleTokens>();
        services.AddSingleton<AlertAuthentication>();
        services.AddSingleton<AlertDispatch>().AddSingleton<AlertHistory>();
        return services;
    }
}
