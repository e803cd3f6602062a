using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Notifications;

/// <summary>For the composition root.</summary>
internal static class NotificationRegistration
{
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddOptions<NotificationsOptions>().Configure<IConfiguration>((options, configuration) =>
        {
            configuration.GetSection(NotificationsOptions.Section).Bind(options.Receivers);
            options.PublicUrl = configuration[NotificationsOptions.PublicUrlSetting];
        }).ValidateOnStart();
        services.AddSingleton<IValidateOptions<NotificationsOptions>, NotificationsOptionsRules>();
        services.AddOptions<CallbackOptions>().Configure<IConfiguration>((options, configuration) => configuration.GetSection(CallbackOptions.Section).Bind(options)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CallbackOptions>, CallbackOptionsRules>().AddSingleton<Callbacks>();
        services.AddSingleton<NotificationSender>();
        services.AddSingleton<NotificationWatch>();
        return services;
    }
}
