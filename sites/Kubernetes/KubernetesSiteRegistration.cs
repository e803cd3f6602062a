using CaptureFlow.Orchestrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Adds the Kubernetes pod site to a composition root.</summary>
public static class KubernetesSiteRegistration
{
    /// <summary>
    /// Registers <see cref="ICaptureSite"/> with its options (<see cref="ClusterOptions"/>, <see cref="TapOptions"/>, both checked at start).
    /// The composition root provides configuration, logging and <see cref="CapturePolicy"/>. The cluster is first spoken to by a step.
    /// </summary>
    public static IServiceCollection AddKubernetesSite(this IServiceCollection services)
    {
        services.AddOptions<ClusterOptions>().BindConfiguration(ClusterOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<TapOptions>().BindConfiguration(TapOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CapturePolicy>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ClusterConnection>();
        services.AddSingleton<ClusterCalls>();
        services.AddSingleton<AccessReviews>();
        services.AddSingleton<CaptureTokens>();
        services.AddSingleton<FilterCheck>();
        services.AddSingleton<FilterNames>();
        services.AddSingleton<Planning>();
        services.AddSingleton<Workloads>();
        services.AddSingleton<Resolving>();
        services.AddSingleton<Granting>();
        services.AddSingleton<TapExec>();
        services.AddSingleton<TapGone>();
        services.AddSingleton<TapStart>();
        services.AddSingleton<Tapping>();
        services.AddSingleton<RoleCheck>();
        services.AddSingleton<AdmissionCheck>();
        services.AddSingleton<ImageCheck>();
        services.AddSingleton<Preflighting>();
        services.AddSingleton<Transfers>();
        services.AddSingleton<GrantObjects>();
        services.AddSingleton<TapRelease>();
        services.AddSingleton<RevocationQuestions>();
        services.AddSingleton<Revoking>();
        services.AddSingleton<ContainerSweep>();
        services.AddSingleton<Sweeping>();
        services.AddSingleton<ICaptureSite, PodSite>();
        return services;
    }
}
