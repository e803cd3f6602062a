using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Gce;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.Sites.Tests.Gce;

/// <summary>The method as it is registered, before a stand-in of Google. What is made twice shares the stand-in: another host.</summary>
internal sealed class GceLab : IDisposable
{
    private readonly ServiceProvider _services;

    public GceLab(ComputeStandIn compute, INodeTunnel? tunnel = null, Action<GceOptions>? configure = null, ProjectsStandIn? projects = null, INodeSessions? sessions = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging();
        services.AddGceMethod();
        services.Configure<GceOptions>(options =>
        {
            options.Projects.Add("shop-prod");
            options.LoginWithin = TimeSpan.FromSeconds(20);
            options.RefusedWithin = TimeSpan.FromSeconds(20);
            options.ToolboxAllowance = TimeSpan.FromSeconds(60);
            options.InstallTcpdump = false;
            options.FreeBytes = 1 << 20;
            configure?.Invoke(options);
        });
        services.AddSingleton(new ComputeClients(_ => Task.FromResult<Google.Cloud.Compute.V1.InstancesClient>(compute), _ => Task.FromResult<Google.Cloud.Compute.V1.ProjectsClient>(projects ?? new())));
        services.AddSingleton(tunnel ?? new DirectTunnel());
        if (sessions is not null)
        {
            services.AddSingleton(sessions);
        }

        _services = services.BuildServiceProvider();
        Method = _services.GetRequiredService<ICaptureMethod>();
    }

    public ICaptureMethod Method { get; }

    public T Part<T>() where T : notnull => _services.GetRequiredService<T>();

    public static CapturePlan Plan(
        string address = "127.0.0.1", TimeSpan? window = null, string? filter = "udp port 9", long maxBytes = 1 << 20, string providerId = "gce://shop-prod/europe-west1-b/node-1", long? maxPackets = null)
    {
        var id = CaptureIds.New();
        var bounds = new CaptureWindow(window ?? TimeSpan.FromSeconds(2), CaptureWindow.HeaderSnapLength, maxBytes, maxPackets);
        var order = new CaptureOrder(id, new("shop", "web"), bounds, filter, "test", null, TimeProvider.System.GetUtcNow());
        var arguments = CaptureFlow.Sites.Kubernetes.Planning.Argv(order, filter, new());
        return new(
            order, CaptureMethods.NodeSsh, "uid", "node-1", "", arguments, bounds.PacketBound, bounds.ByteBound, TimeSpan.FromMinutes(10), "the wire", [],
            TimeProvider.System.GetUtcNow(), filter, new NodePlace("node-1", providerId, [address], []));
    }

    public void Dispose() => _services.Dispose();
}
