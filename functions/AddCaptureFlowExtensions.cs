using CaptureFlow.Evidence;
using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Admission;
using CaptureFlow.Functions.Alerts;
using CaptureFlow.Functions.Captures;
using CaptureFlow.Functions.Notifications;
using CaptureFlow.Functions.Reaping;
using CaptureFlow.Functions.Settings;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Functions.Triage;
using CaptureFlow.Orchestrations;
#if GKE_OVER_SSH
using CaptureFlow.Sites.Gce;
#endif
using CaptureFlow.Sites.Kubernetes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CaptureFlow.Functions;

/// <summary>The one composition root: every host of the functions calls it.</summary>
public static class AddCaptureFlowExtensions
{
    public static IServiceCollection AddCaptureFlow(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<CapturePolicy>().Bind(configuration.GetSection(CapturePolicy.Section)).ValidateDataAnnotations().ValidateOnStart();
        SettingNames.AddTo(services);
        services.AddAccess(configuration);
        GateTermsOfPlans.AddTo(services, configuration);
        services.AddSingleton<DryRun>().AddSingleton<OrderIds>().AddSingleton<CaptureReader>().AddSingleton<PollAddress>().AddSingleton<LongPolls>();
        services.AddCaptureTelemetry(configuration);
        services.AddAlerts().AddNotifications().AddReaping();
        services.AddKubernetesSite().AddEvidence().AddTriage();
#if GKE_OVER_SSH
        services.AddGceMethod();
#endif
        return string.IsNullOrEmpty(configuration[BlobStoreOptions.Section + ":ServiceUri"]) ? services.AddFolderStore() : services.AddBlobStore();
    }
}
