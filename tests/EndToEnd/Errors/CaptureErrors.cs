using System.Text.RegularExpressions;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests.Errors;

/// <summary>How each code is produced that a capture under way, or the sweep, ends with.</summary>
internal static partial class CaptureErrors
{
    private const string NoRight = "serviceaccounts is forbidden: User \"captureflow\" cannot create resource \"serviceaccounts\" in API group \"\"";

    /// <inheritdoc cref="OrderErrors.All"/>
    public static readonly IReadOnlyDictionary<string, (string? Words, Func<ErrorHost, Task<Seen>> Produce)> All =
        new Dictionary<string, (string?, Func<ErrorHost, Task<Seen>>)>
        {
            [FaultCodes.RightMissing] = (NoRight, host => FaultedAsync(host, new { method = "POST", path = "/serviceaccounts$", status = 403, message = NoRight })),
            [FaultCodes.ClusterRefused] = ("422 Invalid: no more accounts", host => FaultedAsync(
                host, new { method = "POST", path = "/serviceaccounts$", status = 422, message = "no more accounts" })),
            [FaultCodes.AdmissionRefused] = ("violates PodSecurity \"restricted", AdmissionAsync),
            [FaultCodes.ImageUnavailable] = ("failed to pull", host => host.CaptureWithImageAsync("registry.invalid/none:1")),
            [FaultCodes.ContainerCrashed] = ("exit code 137", CrashAsync),
            [FaultCodes.TcpdumpChangesUser] = ("Couldn't change ownership of savefile", host => host.CaptureWithImageAsync("localhost/debug:1", ErrorHost.OnNode())),
            [FaultCodes.AttachTimeout] = ("the container runs", host => FaultedAsync(host, new { path = "/exec.*listening", status = 500 })),
            [FaultCodes.NameTaken] = ("already exists", NameTakenAsync),
            [FaultCodes.GrantNotEffective] = ("patch pods/ephemeralcontainers", GrantAsync),
            [FaultCodes.PodGone] = (null, PodGoneAsync),
            [FaultCodes.TapGone] = ("exit code", TapGoneAsync),
            [FaultCodes.TargetChanged] = ("planned were uid ", TargetChangedAsync),
            [FaultCodes.CaptureUnfinished] = ("exec is frozen by decree", UnfinishedAsync),
            [FaultCodes.TransferCut] = ("Truncated", host => FaultedAsync(host, new { path = @"/exec.*capture\.pcap.*bs", cutAfterBytes = 1 })),
            [FaultCodes.FileMismatch] = (null, MismatchAsync),
            [FaultCodes.StoreRefused] = ("denied", StoreRefusedAsync),
            [FaultCodes.RevokeUnproven] = ("expected 404 NotFound, got exists", UnprovenAsync),
            [FaultCodes.ApprovalDenied] = ("not today", AccessErrors.DeniedAsync),
            [FaultCodes.ApprovalExpired] = (null, AccessErrors.ExpiredAsync),
            [FaultCodes.QuotaExceeded] = (null, AccessErrors.QuotaAsync),
            [FaultCodes.StepFailed] = (null, SweepAsync),
            [FaultCodes.NodeUnsupported] = ("enable-oslogin=TRUE", _ => NodeErrors.UnsupportedAsync()),
            [FaultCodes.NodeRefused] = ("compute.instances.setMetadata", _ => NodeErrors.RefusedAsync()),
            [FaultCodes.HostKeyUntrusted] = ("publishes no host keys", _ => NodeErrors.HostKeyAsync()),
            [FaultCodes.ToolboxUnavailable] = ("no command toolbox", _ => NodeErrors.AttachAsync(70, "there is no command toolbox")),
            [FaultCodes.NodeDiskFull] = ("512 kB free", _ => NodeErrors.AttachAsync(71, "512 kB free, 2048 kB needed")),
        };

    private static async Task<Seen> FaultedAsync(ErrorHost host, object rule)
    {
        await host.Sandbox.FaultAsync(rule);
        return await host.CaptureAsync(ErrorHost.Order());
    }

    private static async Task<Seen> AdmissionAsync(ErrorHost host)
    {
        await LabelAsync(host, "\"restricted\"");
        try
        {
            return await host.CaptureAsync(ErrorHost.Order());
        }
        finally
        {
            await LabelAsync(host, "null");
        }
    }

    private static Task<V1Namespace> LabelAsync(ErrorHost host, string level) => host.Sandbox.Admin.CoreV1.PatchNamespaceAsync(
        new V1Patch("""{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":LEVEL}}}""".Replace("LEVEL", level, StringComparison.Ordinal), V1Patch.PatchType.MergePatch),
        "shop");

    // Killed before anybody has seen it listen; in a process namespace that is another's, because nothing inside kills a first process.
    private static async Task<Seen> CrashAsync(ErrorHost host)
    {
        await host.Sandbox.FaultAsync(new { path = "/exec.*listening", status = 500 });
        return await host.CaptureAsync(new { target = new { pod = "shop/quiet", container = "sleeper" } }, "attaching", async id =>
        {
            await Until.FoundAsync("the tap runs", Until.Patience, async () => await host.Sandbox.TapsAsync(id, "quiet") is [{ State.Running: not null }] ? id : null);
            await host.InTapAsync(id, "quiet", "sh", "-c", "cd /tmp; until read -r pid <captureflow/$0/pid; do sleep 0.05; done 2>/dev/null; kill -KILL $pid", id);
        });
    }

    private static async Task<Seen> NameTakenAsync(ErrorHost host)
    {
        var core = host.Sandbox.Admin.CoreV1;
        await core.CreateNamespacedServiceAccountAsync(new() { Metadata = new() { Name = ErrorHost.IdOf("taken") } }, "captureflow");
        // Not the capture's to delete, and the proof waits for it.
        return await host.CaptureAsync(ErrorHost.Order(), "revoking", id => core.DeleteNamespacedServiceAccountAsync(id, "captureflow"), "taken");
    }

    private static async Task<Seen> GrantAsync(ErrorHost host)
    {
        var rbac = host.Sandbox.Admin.RbacAuthorizationV1;
        var role = await rbac.ReadClusterRoleAsync("captureflow-capture");
        await rbac.PatchClusterRoleAsync(new V1Patch("""{"rules":[]}""", V1Patch.PatchType.MergePatch), role.Metadata.Name);
        try
        {
            return await host.CaptureAsync(ErrorHost.Order());
        }
        finally
        {
            await rbac.PatchClusterRoleAsync(new V1Patch(new { rules = role.Rules }, V1Patch.PatchType.MergePatch), role.Metadata.Name);
        }
    }

    // The window ends by itself; the file until then is kept.
    private static async Task<Seen> TargetChangedAsync(ErrorHost host)
    {
        const string pod = "moving";
        await RunPodAsync(host, pod);
        var order = new { target = new { node = new { pod = $"shop/{pod}" } }, window = new { duration = "300s" } };
        return await host.CaptureAsync(order, "capturing", id => host.Sandbox.Admin.CoreV1.DeleteNamespacedPodAsync(pod, "shop", gracePeriodSeconds: 0));
    }

    private static async Task RunPodAsync(ErrorHost host, string name)
    {
        var core = host.Sandbox.Admin.CoreV1;
        await core.CreateNamespacedPodAsync(
            new() { Metadata = new() { Name = name }, Spec = new() { Containers = [new() { Name = "it", Image = "nicolaka/netshoot:v0.13", Command = ["sleep", "infinity"] }] } },
            "shop");
        await Until.FoundAsync("the pod runs", Until.Patience, async () => (await core.ReadNamespacedPodAsync(name, "shop")) is { Status.Phase: "Running" } pod ? pod : null);
    }

    private static async Task<Seen> PodGoneAsync(ErrorHost host)
    {
        var core = host.Sandbox.Admin.CoreV1;
        await RunPodAsync(host, "doomed");
        return await host.CaptureAsync(ErrorHost.Order("doomed", 300), "capturing", async id =>
        {
            await core.DeleteNamespacedPodAsync("doomed", "shop", gracePeriodSeconds: 0);
            await Until.FoundAsync("the pod is gone", Until.Patience, async () => (await core.ListNamespacedPodAsync("shop")).Items.Any(pod => pod.Name() == "doomed") ? null : id);
            await host.StopAsync(id);
        });
    }

    private static Task<Seen> TapGoneAsync(ErrorHost host) => host.CaptureAsync(ErrorHost.Order(seconds: 300), "capturing", async id =>
    {
        await host.InTapAsync(id, "quiet", TapScripts.Release(id));
        await Until.FoundAsync("the tap has ended", Until.Patience, async () => await host.Sandbox.TapsAsync(id, "quiet") is [{ State.Terminated: not null }] ? id : null);
        await host.StopAsync(id);
    });

    private static async Task<Seen> UnfinishedAsync(ErrorHost host)
    {
        await host.Sandbox.FaultAsync(new { path = @"/exec.*cat(%20|\+)summary", status = 403, message = "exec is frozen by decree" });
        var seen = await host.CaptureAsync(ErrorHost.Order());
        // A refused exec, too, says why.
        Assert.Contains(seen.Faults, fault => fault.Detail?.Contains("exec is frozen by decree", StringComparison.Ordinal) == true);
        return seen;
    }

    // An account of another file, put in the way of the real one.
    private static Task<Seen> MismatchAsync(ErrorHost host) => host.CaptureAsync(ErrorHost.Order(seconds: 300), "capturing", async id =>
    {
        var forged = $"bytes=0\nsha256={new string('0', 64)}\nend=window\ncentiseconds=100\nexit=0\n";
        await host.InTapAsync(id, "quiet", "sh", "-c", "cd /tmp/captureflow/$0 && printf %s \"$1\" >forged && mv forged summary", id, forged);
        await host.StopAsync(id);
    });

    private static Task<Seen> StoreRefusedAsync(ErrorHost host)
    {
        // Where the file will be staged there is a folder already.
        Directory.CreateDirectory(Path.Combine(host.Evidence, ".staging", ErrorHost.IdOf("refused"), "capture.pcap"));
        return host.CaptureAsync(ErrorHost.Order(), key: "refused");
    }

    private static async Task<Seen> UnprovenAsync(ErrorHost host)
    {
        await host.Sandbox.FaultAsync(new { method = "DELETE", path = "/rolebindings/", status = 404 });
        return await host.CaptureAsync(ErrorHost.Order(), "revoking", async id =>
        {
            await Until.FoundAsync("a revoke is unproven", Until.Patience, async () => (await host.GetAsync(id))["progress"]!["timeline"]!.AsArray()
                .Any(step => step!["fault"]?.GetValue<string>() == FaultCodes.RevokeUnproven) ? id : null);
            await host.Sandbox.ClearFaultsAsync();
        });
    }

    private static async Task<Seen> SweepAsync(ErrorHost host)
    {
        var line = await Until.FoundAsync("the sweep told of the unmarked account", Until.Patience, () => Task.FromResult(
            Unswept().Match(host.Log) is { Success: true } match ? match : null));
        return new("log", [new(line.Groups["code"].Value, line.Groups["message"].Value, line.Groups["remedy"].Value)]);
    }

    [GeneratedRegex($"could not look everywhere: (?<code>[a-z-]+) (?<message>The serviceaccount captureflow/{ErrorHost.Unmarked} .*left alone\\.) +\\S* *(?<remedy>If no capture uses it: .*)")]
    private static partial Regex Unswept();
}
