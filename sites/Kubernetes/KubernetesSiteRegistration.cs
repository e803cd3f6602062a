using CaptureFlow.Orchestrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Adds captures in pods and on nodes to a composition root.</summary>
public static class KubernetesSiteRegistration
{
    /// <summary>
    /// Registers <see cref="ICaptureSite"/> with its options (<see cref="ClusterOptions"/>, <see cref="ClusterRegistryOptions"/>,
    /// <see cref="TapOptions"/>, <see cref="NodeOptions"/>, all checked at start). The composition root provides configuration, logging and <see cref="CapturePolicy"/>. A
    /// cluster is first spoken to by a step. The steps are scoped: the registry opens one scope per cluster, for the process.
    /// </summary>
    public static IServiceCollection AddKubernetesSite(this IServiceCollection services)
    {
        services.AddOptions<ClusterOptions>().BindConfiguration(ClusterOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ClusterRegistryOptions>().BindConfiguration(ClusterRegistryOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ClusterRegistryOptions>, ClusterRegistryRules>();
        services.AddOptions<TapOptions>().BindConfiguration(TapOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<NodeOptions>().BindConfiguration(NodeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CapturePolicy>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ClusterConfigurations>();
        services.AddSingleton<ClusterRegistry>();
        services.AddSingleton(provider => new ClusterAddresses(provider.GetRequiredService<ClusterRegistry>()));
        services.AddScoped<ClusterScope>();
        services.AddScoped<ClusterClock>();
        services.AddScoped<ClusterConnection>();
        services.AddScoped<ClusterCalls>();
        services.AddScoped<AccessReviews>();
        services.AddScoped<AccountHome>();
        services.AddScoped<CaptureTokens>();
        services.AddScoped<FilterCheck>();
        services.AddScoped<FilterNames>();
        services.AddScoped<Planning>();
        services.AddScoped<Workloads>();
        services.AddScoped<Resolving>();
        services.AddScoped<Granting>();
        services.AddScoped<TapExec>();
        services.AddScoped<FileReading>();
        services.AddScoped<TapGone>();
        services.AddScoped<TapStart>();
        services.AddScoped<Tapping>();
        services.AddScoped<RoleCheck>();
        services.AddScoped<AdmissionCheck>();
        services.AddScoped<ImageCheck>();
        services.AddScoped<Preflighting>();
        services.AddScoped<Transfers>();
        services.AddScoped<GrantObjects>();
        services.AddScoped<TapRelease>();
        services.AddScoped<RevocationQuestions>();
        services.AddScoped<Revoking>();
        services.AddScoped<TapTurns>();
        services.AddScoped<ContainerSweep>();
        services.AddScoped<GrantSweep>();
        services.AddScoped<NodeGrantSweep>();
        services.AddScoped<Sweeping>();
        services.AddScoped<PodSite>();
        services.AddScoped<NodePlanning>();
        services.AddScoped<NodePreflighting>();
        services.AddScoped<MethodChoice>();
        services.AddScoped<NodeTargetWatch>();
        services.AddScoped<NodeTapping>();
        services.AddScoped<NodePodRemoval>();
        services.AddScoped<NodePodSweep>();
        services.AddScoped<ICaptureMethod, NodePodMethod>();
        services.AddScoped<ClusterSite>();
        services.AddHostedService<MissingMethods>();
        services.AddSingleton<SweepEverywhere>();
        services.AddSingleton<ICaptureSite, ClusterRouter>();
        return services;
    }
}
