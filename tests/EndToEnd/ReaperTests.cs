using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>What the sweep leaves alone, and that nothing holds it up.</summary>
public sealed class ReaperTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private const string Ours = "captureflow";
    private const string LongAgo = "2000-01-01T00:00:00Z";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Sweep_LookAlikesAndALiveGrant_AreLeftAloneAndTheUnreadableIsNamed()
    {
        var sandbox = fixture.Sandbox;
        await using var services = SiteAlone.Build(sandbox.CaptureFlowKubeconfig, "shop", "nicolaka/netshoot:v0.13");
        var site = services.GetRequiredService<ICaptureSite>();
        var live = new CaptureOrder(CaptureIds.New(), new("shop", "web"), new(TimeSpan.FromMinutes(1), 256, 1 << 20), null, "ada", null, TimeProvider.System.GetUtcNow());
        await site.EnsureGrantAsync((await site.PlanAsync(live, None)).Value!, None);
        var (plain, other, unreadable, overdue) = (CaptureIds.New(), CaptureIds.New(), CaptureIds.New(), CaptureIds.New());
        V1ObjectMeta[] alike =
        [
            // Its name and its annotation, and none of the labels.
            Meta(plain, null, null, LongAgo),
            // The labels of another.
            Meta(other, Ours, CaptureIds.New(), LongAgo),
            // Somebody else's, by the label that says whose.
            Meta(CaptureIds.New(), "captureflow-fork", null, LongAgo),
            // All marks, and a name that is no capture's.
            Meta("builder", Ours, CaptureIds.New(), LongAgo),
            Meta("cf-builder", Ours, "cf-builder", LongAgo),
            // CaptureFlow's own account.
            Meta("captureflow", Ours, null, null),
            // All marks and a name, and an expiry that nobody can read.
            Meta(unreadable, Ours, unreadable, "tomorrow"),
        ];
        foreach (var meta in alike)
        {
            await MakeAccountAsync(sandbox, meta, "shop");
            await sandbox.Admin.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(
                new()
                {
                    Metadata = meta,
                    RoleRef = new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = "captureflow-capture" },
                    Subjects = [new() { Kind = "ServiceAccount", Name = meta.Name, NamespaceProperty = Ours }],
                },
                "shop");
        }

        await sandbox.AttachOverdueAsync("quiet", "debugger");
        await sandbox.AttachOverdueAsync("quiet", overdue, deadline: null);

        var sweep = await site.SweepAsync(None);

        Assert.Empty(sweep.Findings);
        Assert.Equal(["serviceaccount", "rolebinding"], sweep.Faults.Select(fault => fault.Message.Split(' ')[1]).OrderDescending(StringComparer.Ordinal));
        Assert.All(sweep.Faults, fault => Assert.Contains(unreadable, fault.Message, StringComparison.Ordinal));
        Assert.Equal(live.CaptureId, Assert.Single(sweep.Live).CaptureId);
        var accounts = (await sandbox.Admin.CoreV1.ListNamespacedServiceAccountAsync(Ours)).Items.Select(item => item.Name()).ToHashSet();
        var bindings = (await sandbox.Admin.RbacAuthorizationV1.ListNamespacedRoleBindingAsync("shop")).Items.Select(item => item.Name()).ToHashSet();
        Assert.All(alike.Select(meta => meta.Name).Append(live.CaptureId), name => Assert.True(accounts.Contains(name) && bindings.Contains(name), name));
        Assert.NotNull(Assert.Single(await sandbox.TapsAsync("debugger", "quiet")).State.Running);
        Assert.NotNull(Assert.Single(await sandbox.TapsAsync(overdue, "quiet")).State.Running);
    }

    [Fact]
    public async Task Sweep_MarksThatAnyoneMayMake_AreNoLiveGrant()
    {
        await using var sandbox = await Harness.Sandbox.StartAsync(scenario: "empty");
        await using var services = SiteAlone.Build(sandbox.CaptureFlowKubeconfig, "default", "nicolaka/netshoot:v0.13");
        var site = services.GetRequiredService<ICaptureSite>();
        const string never = "2099-01-01T00:00:00Z";
        var (alone, powerless, longLived) = (CaptureIds.New(), CaptureIds.New(), CaptureIds.New());
        foreach (var (id, role) in ((string, string?)[])[(alone, null), (powerless, "view"), (longLived, "captureflow-capture")])
        {
            var meta = Meta(id, Ours, id, never);
            await MakeAccountAsync(sandbox, meta, "default");
            if (role is not null)
            {
                await sandbox.Admin.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(
                    new()
                    {
                        Metadata = meta,
                        RoleRef = new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = role },
                        Subjects = [new() { Kind = "ServiceAccount", Name = id, NamespaceProperty = Ours }],
                    },
                    "default");
            }
        }

        var sweep = await site.SweepAsync(None);

        Assert.Empty(sweep.Faults);
        Assert.Empty(sweep.Findings);
        var live = Assert.Single(sweep.Live);
        Assert.Equal(longLived, live.CaptureId);
        Assert.InRange(live.ExpiresAt - live.CreatedAt, TimeSpan.FromHours(3), TimeSpan.FromHours(4));
        Assert.Equal(new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero), live.ClaimedExpiresAt);
    }

    [Fact]
    public async Task Sweep_GrantsWithAndWithoutAHome_AreBothFoundAndTakenBack()
    {
        await using var sandbox = await Harness.Sandbox.StartAsync();
        await using var services = SiteAlone.Build(sandbox.AdminKubeconfig, "shop", "nicolaka/netshoot:v0.13");
        var site = services.GetRequiredService<ICaptureSite>();
        List<CaptureOrder> orders = [];
        foreach (var asBefore in (bool[])[true, false])
        {
            CaptureOrder order = new(CaptureIds.New(), new("shop", "web"), new(TimeSpan.FromMinutes(1), 256, 1 << 20), null, "ada", null, TimeProvider.System.GetUtcNow());
            var plan = (await site.PlanAsync(order, None)).Value!;
            await site.EnsureGrantAsync(asBefore ? plan with { AccountNamespace = null } : plan, None);
            await sandbox.ExpireAsync(order.CaptureId);
            orders.Add(order);
        }

        var found = await site.AuditAsync(None);
        var sweep = await site.SweepAsync(None);

        string[] wanted =
        [
            $"rolebinding shop/{orders[0].CaptureId}", $"rolebinding shop/{orders[1].CaptureId}",
            $"serviceaccount {Ours}/{orders[1].CaptureId}", $"serviceaccount shop/{orders[0].CaptureId}",
        ];
        Assert.Equal(wanted.Order(StringComparer.Ordinal), found.Findings.Select(it => $"{it.Kind} {it.Namespace}/{it.Name}").Order(StringComparer.Ordinal));
        Assert.Equal(found.Findings.Select(it => it.Name), sweep.Findings.Select(it => it.Name));
        Assert.All(sweep.Findings, finding => Assert.Equal(SweepOutcome.Removed, finding.Outcome));
        Assert.Empty(sweep.Faults);
        Assert.Empty(await sandbox.LeftOversAsync());
    }

    [Fact]
    public async Task Sweep_ApiServerHangs_SaysSoAndTheNextOneTakesBack()
    {
        await using var sandbox = await Harness.Sandbox.StartAsync();
        string doomed;
        using (var lost = new TemporaryFolder())
        {
            await using var host = await HostProcess.StartAsync(lost.Path, sandbox.CaptureFlowKubeconfig);
            doomed = await host.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "10m" } });
            await host.Api.WhenAsync(doomed, "capturing");
            await host.KillAsync();
        }

        await sandbox.ExpireAsync(doomed);
        await sandbox.FaultAsync(new { method = "GET", path = "/rolebindings\\?", user = "system:serviceaccount:captureflow:captureflow", hang = true });
        using var state = new TemporaryFolder();
        await using var reaper = await HostWithin.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig, new Dictionary<string, string>
        {
            ["CaptureFlow__Cluster__RequestTimeout"] = "00:00:02",
            ["CaptureFlow__Cluster__RetryFor"] = "00:00:00",
        });
        await Until.FoundAsync("the sweep says that it could not look", Until.Patience, () => Task.FromResult(
            reaper.Log.Contains("Sweep could not look everywhere", StringComparison.Ordinal) ? reaper : null));
        var during = await sandbox.LeftOversAsync();
        await sandbox.ClearFaultsAsync();

        await Until.FoundAsync("the next sweep took it back", Until.Patience, async () => (await sandbox.LeftOversAsync()).Count == 0 ? sandbox : null);

        Assert.Equal(2, during.Count);
    }

    // Where the accounts of captures live, marked as one whose binding is in the other namespace; CaptureFlow's own is there already.
    private static async Task MakeAccountAsync(Harness.Sandbox sandbox, V1ObjectMeta meta, string target)
    {
        V1ServiceAccount account = new()
        {
            Metadata = new()
            {
                Name = meta.Name,
                Labels = new Dictionary<string, string>(meta.Labels) { ["captureflow.io/target-namespace"] = target },
                Annotations = meta.Annotations,
            },
        };
        if (meta.Name == Ours)
        {
            await sandbox.Admin.CoreV1.PatchNamespacedServiceAccountAsync(new V1Patch(account, V1Patch.PatchType.MergePatch), Ours, Ours);
        }
        else
        {
            await sandbox.Admin.CoreV1.CreateNamespacedServiceAccountAsync(account, Ours);
        }
    }

    private static V1ObjectMeta Meta(string name, string? managedBy, string? captureId, string? expiresAt)
    {
        Dictionary<string, string> labels = [];
        if (managedBy is not null)
        {
            labels["app.kubernetes.io/managed-by"] = managedBy;
        }

        if (captureId is not null)
        {
            labels["captureflow.io/capture-id"] = captureId;
        }

        return new() { Name = name, Labels = labels, Annotations = expiresAt is null ? null : new Dictionary<string, string> { ["captureflow.io/expires-at"] = expiresAt } };
    }
}
