using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests.Errors;

/// <summary>How each code is produced that an order, or another request, is answered with.</summary>
internal static class OrderErrors
{
    /// <summary>Code, what the detail must have of the other side's words (null: no other side is asked, and there is no detail), and the way to it.</summary>
    public static readonly IReadOnlyDictionary<string, (string? Words, Func<ErrorHost, Task<Seen>> Produce)> All =
        new Dictionary<string, (string?, Func<ErrorHost, Task<Seen>>)>
        {
            [FaultCodes.OrderInvalid] = (null, host => host.ProblemAsync(HttpMethod.Post, "/api/captures", new { })),
            [FaultCodes.WindowOverPolicy] = (null, host => host.DryRunAsync(ErrorHost.Order(seconds: 3_000))),
            [FaultCodes.BytesOverPolicy] = (null, host => host.DryRunAsync(Window(new { maxBytes = "3GiB" }))),
            [FaultCodes.PayloadForbidden] = (null, host => host.DryRunAsync(Window(new { snapLength = "full" }))),
            [FaultCodes.NamespaceForbidden] = (null, host => host.DryRunAsync(Target(new { pod = "billing/web" }))),
            [FaultCodes.NodeForbidden] = (null, host => host.DryRunAsync(Target(new { node = "sandbox-node" }))),
            [FaultCodes.NodeNotFound] = (null, host => host.DryRunAsync(Target(new { node = "nosuch" }))),
            [FaultCodes.MethodMissing] = (null, host => host.DryRunWithoutSshAsync()),
            [FaultCodes.NodeUnsuitable] = ("KubeletStopped", NodeUnsuitableAsync),
            [FaultCodes.FilterInvalid] = ("syntax error", host => host.DryRunAsync(new { target = new { pod = "shop/web" }, filter = "tcp prot 80" })),
            [FaultCodes.PodNotFound] = (null, host => host.DryRunAsync(ErrorHost.Order("nosuch"))),
            [FaultCodes.PodNotRunning] = (null, host => host.DryRunAsync(ErrorHost.Order("pending"))),
            [FaultCodes.ContainerNotFound] = (null, host => host.DryRunAsync(Target(new { pod = "shop/web", container = "nosuch" }))),
            [FaultCodes.WorkloadNotFound] = (null, host => host.DryRunAsync(Target(new { @namespace = "shop", workload = "deployment/nosuch" }))),
            [FaultCodes.NoPods] = ("pending: not running", host => host.DryRunAsync(Target(new { @namespace = "shop", selector = "app=pending" }))),
            [FaultCodes.TooManyPods] = (null, host => host.DryRunAsync(Target(new { @namespace = "shop", selector = "app=web", maxPods = 11 }))),
            [FaultCodes.PortNotFound] = (null, host => host.DryRunAsync(new { target = new { pod = "shop/web" }, filter = new { port = "grpc" } })),
            [FaultCodes.ServiceNotFound] = (null, host => host.DryRunAsync(new { target = new { pod = "shop/web" }, filter = new { service = "nosuch" } })),
            [FaultCodes.StorageOverLimit] = (null, StorageOverLimitAsync),
            [FaultCodes.ClusterUnknown] = (null, host => host.DryRunAsync(Target(new { pod = "shop/web", cluster = "nosuch" }))),
            [FaultCodes.ClusterUnavailable] = ("Connection refused", host => host.DryRunAsync(Target(new { pod = "shop/web", cluster = "down" }))),
            [FaultCodes.CertificateUntrusted] = ("remote certificate", host => host.DryRunAsync(Target(new { pod = "shop/web", cluster = "untrusted" }))),
            [FaultCodes.CredentialsFailed] = ("cluster 'google'", host => host.DryRunAsync(Target(new { pod = "shop/web", cluster = "google" }))),
            [FaultCodes.KeyMissing] = (null, AccessErrors.KeyAsync),
            [FaultCodes.PageRefused] = (null, AccessErrors.PageAsync),
            [FaultCodes.AddressUnknown] = (null, host => host.ProblemAsync(HttpMethod.Get, "/api/nosuch")),
            [FaultCodes.MethodNotAllowed] = (null, host => host.ProblemAsync(HttpMethod.Put, "/api/captures")),
            [FaultCodes.BodyTooSlow] = (null, host => host.SlowBodyAsync()),
            [FaultCodes.ContentTypeUnsupported] = (null, host => host.ProblemAsync(new StringContent("{}", null, "text/plain"))),
            [FaultCodes.BodyTooLarge] = (null, host => host.ProblemAsync(new StringContent(new string(' ', 70_000), null, "application/json"))),
            [FaultCodes.IdentityInvalid] = (null, AccessErrors.IdentityAsync),
            [FaultCodes.RoleMissing] = (null, AccessErrors.RoleAsync),
            [FaultCodes.OwnApproval] = (null, AccessErrors.OwnAsync),
            [FaultCodes.NotAwaitingApproval] = (null, NotAwaitingAsync),
            [FaultCodes.QueryInvalid] = (null, host => host.ProblemAsync(HttpMethod.Get, "/api/captures?verdict=nosuch")),
            [FaultCodes.StoreUnavailable] = ("Connection refused", host => host.ListWithoutStoreAsync()),
            [FaultCodes.CaptureNotFound] = (null, host => host.ProblemAsync(HttpMethod.Post, $"/api/captures/{ErrorHost.Unmarked}/stop")),
            [FaultCodes.FileNotFound] = (null, host => host.ProblemAsync(HttpMethod.Get, $"/api/captures/{ErrorHost.Unmarked}/files/capture.pcap")),
            [FaultCodes.TriageNotMade] = (null, host => host.TriageWithoutCardsAsync()),
            [FaultCodes.CaptureEnded] = (null, CaptureEndedAsync),
            [FaultCodes.IdempotencyKeyReused] = (null, KeyReusedAsync),
            [FaultCodes.AlertRefused] = (null, host => host.ProblemAsync(HttpMethod.Post, "/api/alerts/azure-monitor/errors?code=wrong", new { })),
            [FaultCodes.AlertInvalid] = (null, host => host.ProblemAsync(HttpMethod.Post, $"/api/alerts/azure-monitor/errors?code={ErrorHost.AlertKey}", new { })),
        };

    private static object Window(object window) => new { target = new { pod = "shop/web" }, window };

    private static object Target(object target) => new { target };

    private static async Task<Seen> StorageOverLimitAsync(ErrorHost host)
    {
        await host.Sandbox.Admin.CoreV1.CreateNamespacedPodAsync(
            new()
            {
                Metadata = new() { Name = "small" },
                Spec = new()
                {
                    Containers =
                    [
                        new()
                        {
                            Name = "sleeper",
                            Image = "nicolaka/netshoot:v0.13",
                            Command = ["sleep", "infinity"],
                            Resources = new() { Limits = new Dictionary<string, ResourceQuantity> { ["ephemeral-storage"] = new("1Mi") } },
                        },
                    ],
                },
            },
            "shop");
        return await host.DryRunAsync(ErrorHost.Order("small"));
    }

    private static async Task<Seen> NodeUnsuitableAsync(ErrorHost host)
    {
        await host.Sandbox.Admin.CoreV1.CreateNodeAsync(new()
        {
            Metadata = new() { Name = "asleep" },
            Status = new() { Conditions = [new() { Type = "Ready", Status = "Unknown", Reason = "KubeletStopped", Message = "posts no status" }] },
        });
        return await host.DryRunAsync(Target(new { node = "asleep" }));
    }

    private static async Task<Seen> CaptureEndedAsync(ErrorHost host)
    {
        await host.CaptureAsync(ErrorHost.Order("nosuch"), key: "ended");
        return await host.ProblemAsync(HttpMethod.Post, $"/api/captures/{ErrorHost.IdOf("ended")}/stop");
    }

    private static async Task<Seen> NotAwaitingAsync(ErrorHost host)
    {
        await host.CaptureAsync(ErrorHost.Order("nosuch"), key: "unasked");
        return await host.ProblemAsync(HttpMethod.Post, $"/api/captures/{ErrorHost.IdOf("unasked")}/approve");
    }

    private static async Task<Seen> KeyReusedAsync(ErrorHost host)
    {
        await host.CaptureAsync(ErrorHost.Order("nosuch"), key: "reused");
        return await host.ProblemAsync(HttpMethod.Post, "/api/captures", ErrorHost.Order("web"), "reused");
    }
}
