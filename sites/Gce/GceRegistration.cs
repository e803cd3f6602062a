using CaptureFlow.Sites.Kubernetes;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.Compute.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Gce;

/// <summary>Adds captures on GKE nodes over SSH to a composition root.</summary>
public static class GceRegistration
{
    /// <summary>
    /// Registers the method with its options (<see cref="GceOptions"/>, checked at start). Google is first spoken to by a step. The composition root
    /// provides configuration and logging.
    /// </summary>
    public static IServiceCollection AddGceMethod(this IServiceCollection services)
    {
        services.AddOptions<GceOptions>().BindConfiguration(GceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<GceOptions>, GceRules>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new ComputeClients(
            async token => await new InstancesClientBuilder { GoogleCredential = await CredentialAsync(provider, token) }.BuildAsync(token),
            async token => await new ProjectsClientBuilder { GoogleCredential = await CredentialAsync(provider, token) }.BuildAsync(token)));
        services.AddSingleton<ComputeCalls>();
        services.AddSingleton<InstanceKeys>();
        services.AddSingleton<InstanceRoles>();
        services.AddSingleton<CaptureKeys>();
        services.AddSingleton<HostKeyMemory>();
        services.AddSingleton<HostKeys>();
        services.AddSingleton(Tunnel);
        services.AddSingleton<INodeSessions, NodeSessions>();
        services.AddSingleton<NodeChecks>();
        services.AddSingleton<GceGranting>();
        services.AddSingleton<NodeTapping>();
        services.AddSingleton<NodeTransfers>();
        services.AddSingleton<NodeRevoking>();
        services.AddSingleton<NodeSweeping>();
        services.AddSingleton<IProcessMethod, GceMethod>();
        services.AddSingleton<ICaptureMethod>(provider => provider.GetRequiredService<IProcessMethod>());
        return services;
    }

    private static INodeTunnel Tunnel(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<GceOptions>>().Value;
        var time = provider.GetRequiredService<TimeProvider>();
        return options.Tunnel == NodeTunnelKind.Direct
            ? new DirectTunnel()
            : new IapTunnel(
                new IapSockets(IapSockets.Google, GoogleTokens.Of(new ClusterEntry { Credential = options.Credential, CredentialFile = options.CredentialFile }, time)),
                time,
                provider.GetRequiredService<ILogger<IapTunnel>>());
    }

    private static Task<GoogleCredential> CredentialAsync(IServiceProvider provider, CancellationToken cancellationToken)
    {
        var options = provider.GetRequiredService<IOptions<GceOptions>>().Value;
        return GoogleTokens.OpenAsync(options.Credential ?? ClusterKinds.ApplicationDefault, options.CredentialFile, cancellationToken);
    }
}
