using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests.Errors;

/// <summary>How each code is produced that an order, or another request, is answered with.</summary>
internal static class OrderErrors
{
    /// <summary>Code, what the detail must have of the other side's words, and the way to it.</summary>
    public static readonly IReadOnlyDictionary<string, (string Words, Func<ErrorHost, Task<Seen>> Produce)> All =
        new Dictionary<string, (string, Func<ErrorHost, Task<Seen>>)>
        {
            [FaultCodes.OrderInvalid] = ("", host => host.ProblemAsync(HttpMethod.Post, "/api/captures", new { })),
            [FaultCodes.WindowOverPolicy] = ("", host => host.DryRunAsync(ErrorHost.Order(seconds: 3_000))),
            [FaultCodes.BytesOverPolicy] = ("", host => host.DryRunAsync(Window(new { maxBytes = "3GiB" }))),
            [FaultCodes.PayloadForbidden] = ("", host => host.DryRunAsync(Window(new { snapLength = "full" }))),
            [FaultCodes.NamespaceForbidden] = ("", host => host.DryRunAsync(Target(new { pod = "billing/web" }))),
            [FaultCodes.NodeForbidden] = ("", host => host.DryRunAsync(Target(new { node = "sandbox-node" }))),
            [FaultCodes.NodeNotFound] = ("", host => host.DryRunAsync(Target(new { node = "nosuch" }))),
            [FaultCodes.MethodMissing] = ("", host => host.DryRunWithoutSshAsync()),
            [FaultCodes.NodeUnsuitable] = ("KubeletStopped", NodeUnsuitableAsync),
            [FaultCodes.FilterInvalid] = ("syntax error", host => host.DryRunAsync(new { target = new { pod = "shop/web" }, filter = "tcp prot 80" })),
            [FaultCodes.PodNotFound] = ("", host => host.DryRunAsync(ErrorHost.Order("nosuch"))),
            [FaultCodes.PodNotRunning] = ("", host => host.DryRunAsync(ErrorHost.Order("pending"))),
            [FaultCodes.ContainerNotFound] = ("", host => host.DryRunAsync(Target(new { pod = "shop/web", container = "nosuch" }))),
            [FaultCodes.WorkloadNotFound] = ("", host => host.DryRunAsync(Target(new { @namespace = "shop", workload = "deployment/nosuch" }))),
            [FaultCodes.NoPods] = ("pending: not running", host => host.DryRunAsync(Target(new { @namespace = "shop", selector = "app=pending" }))),
            [FaultCodes.TooManyPods] = ("", host => host.DryRunAsync(Target(new { @namespace = "shop", selector = "app=web", maxPods = 11 }))),
            [FaultCodes.PortNotFound] = ("", host => host.DryRunAsync(new { target = new { pod = "shop/web" }, filter = new { port = "grpc" } })),
            [FaultCodes.ServiceNotFound] = ("", host => host.DryRunAsync(new { target = new { pod = "shop/web" }, filter = new { service = "nosuch" } })),
            [FaultCodes.StorageOverLimit] = ("", StorageOverLimitAsync),
            [FaultCodes.ClusterUnknown] = ("", host => host.DryRunAsync(Target(new { pod = "shop/web", cluster = "nosuch" }))),
            [FaultCodes.ClusterUnavailable] = ("Connection refused", host => host.DryRunAsync(Target(new { pod = "shop/web", cluster = "down" }))),
            [FaultCodes.CertificateUntrusted] = ("remote certificate", host => host.DryRunAsync(Target(new { pod = "shop/web", cluster = "untrusted" }))),
            [FaultCodes.CredentialsFailed] = ("cluster 'google'", host => host.DryRunAsync(Target(new { pod = "shop/web", cluster = "google" }))),
            [FaultCodes.KeyMissing] = ("", AccessErrors.KeyAsync),
            [FaultCodes.PageRefused] = ("", AccessErrors.PageAsync),
            [FaultCodes.AddressUnknown] = ("", host => host.ProblemAsync(HttpMethod.Get, "/api/nosuch")),
            [FaultCodes.MethodNotAllowed] = ("", host => host.ProblemAsync(HttpMethod.Put, "/api/captures")),
            [FaultCodes.BodyTooSlow] = ("", host => host.SlowBodyAsync()),
            [FaultCodes.ContentTypeUnsupported] = ("", host => host.ProblemAsync(new StringContent("{}", null, "text/plain"))),
            [FaultCodes.BodyTooLarge] = ("", host => host.ProblemAsync(new StringContent(new string(' ', 70_000), null, "application/json"))),
            [FaultCodes.IdentityInvalid] = ("", AccessErrors.IdentityAsync),
            [FaultCodes.RoleMissing] = ("", AccessErrors.RoleAsync),
            [FaultCodes.OwnApproval] = ("", AccessErrors.OwnAsync),
            [FaultCodes.NotAwaitingApproval] = ("", NotAwaitingAsync),
            [FaultCodes.QueryInvalid] = ("", host => host.ProblemAsync(HttpMethod.Get, "/api/captures?verdict=nosuch")),
            [FaultCodes.StoreUnavailable] = ("Connection refused", host => host.ListWithoutStoreAsync()),
            [FaultCodes.CaptureNotFound] = ("", host => host.ProblemAsync(HttpMethod.Post, $"/api/captures/{ErrorHost.Unmarked}/stop")),
            [FaultCodes.FileNotFound] = ("", host => host.ProblemAsync(HttpMethod.Get, $"/api/captures/{ErrorHost.Unmarked}/files/capture.pcap")),
            [FaultCodes.TriageNotMade] = ("", host => host.TriageWithoutCardsAsync()),
            [FaultCodes.CaptureEnded] = ("", CaptureEndedAsync),
            [FaultCodes.IdempotencyKeyReused] = ("", KeyReusedAsync),
            [FaultCodes.AlertRefused] = ("", host => host.ProblemAsync(HttpMethod.Post, "/api/alerts/azure-monitor/errors?code=wrong", new { })),
            [FaultCodes.AlertInvalid] = ("", host => host.ProblemAsync(HttpMethod.Post, $"/api/alerts/azure-monitor/errors?code={ErrorHost.AlertKey}", new { })),
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
