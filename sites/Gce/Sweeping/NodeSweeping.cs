using CaptureFlow.Orchestrations;
using Google.Cloud.Compute.V1;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Gce;

/// <summary>
/// Takes back what is past its expiry on any instance of the configured projects, from the instances' own metadata and policies alone. Node and tap
/// look after themselves: an expired key lets nobody in, and the tap has ended long before.
/// </summary>
internal sealed class NodeSweeping(ComputeCalls calls, InstanceKeys instances, InstanceRoles roles, IOptions<GceOptions> options, TimeProvider time, ILogger<NodeSweeping> logger)
{
    private const string KeyKind = "ssh-key";
    private const string RoleKind = "iam-binding";

    private static readonly TimeSpan Cap = TimeSpan.FromMinutes(3);

    public async Task<SweepReport> SweepAsync(bool takeBack, CancellationToken cancellationToken)
    {
        using var cap = new CancellationTokenSource(Cap, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken);
        var tally = new Tally(time.GetUtcNow(), takeBack);
        foreach (var project in options.Value.Projects)
        {
            try
            {
                foreach (var (instance, found) in await ListAsync(project, either.Token))
                {
                    await SweepOneAsync(instance, found, tally, either.Token);
                }
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is GceRefusalException or StepUnavailableException or OperationCanceledException)
            {
                tally.Faults.Add((e as GceRefusalException)?.Fault ?? new CaptureFault(
                    FaultCodes.NodeRefused, $"The sweep could not look at the instances of {project}.", "The next sweep tries again.", Detail: e.Message));
            }
        }

        return new(
            tally.At,
            tally.Live,
            tally.Findings,
            tally.Faults,
            [.. options.Value.Projects.Select(project => $"gce:{project}")]);
    }

    private Task<List<(NodeInstance Instance, Instance Found)>> ListAsync(string project, CancellationToken cancellationToken) => calls.AskAsync(
        $"list the instances of {project}",
        async (client, token) =>
        {
            List<(NodeInstance, Instance)> found = [];
            await foreach (var scope in client.AggregatedListAsync(new AggregatedListInstancesRequest { Project = project, ReturnPartialSuccess = true }).WithCancellation(token))
            {
                // A zone is told as an address; its last part is the name.
                found.AddRange(scope.Value.Instances.Select(i => (new NodeInstance(project, i.Zone[(i.Zone.LastIndexOf('/') + 1)..], i.Name), i)));
            }

            return found;
        },
        cancellationToken);

    private async Task SweepOneAsync(NodeInstance instance, Instance found, Tally tally, CancellationToken cancellationToken)
    {
        var keys = InstanceKeys.Of(found);
        foreach (var capture in keys.Where(key => key.ExpiresAt > tally.At).GroupBy(key => key.CaptureId))
        {
            // Who asked and when it was granted is nowhere written down there.
            tally.Live.Add(new(Cluster(instance), $"{instance.Zone}/{instance.Name}", capture.Key, "unknown", null, tally.At, capture.Max(key => key.ExpiresAt)));
        }

        var expired = keys.Where(key => key.ExpiresAt <= tally.At).ToList();
        if (expired.Count > 0)
        {
            var outcome = await TryAsync(tally, () => instances.EnsureNoKeysAsync(instance, key => key.ExpiresAt <= tally.At, cancellationToken));
            expired.ForEach(key => tally.Findings.Add(Find(KeyKind, instance, key.CaptureId, key.ExpiresAt, outcome, tally)));
        }

        if (options.Value.Roles.Count > 0)
        {
            await SweepRolesAsync(instance, tally, cancellationToken);
        }
    }

    private async Task SweepRolesAsync(NodeInstance instance, Tally tally, CancellationToken cancellationToken)
    {
        bool Expired(Binding binding) => InstanceRoles.ExpiresAt(binding) is { } at && at <= tally.At;
        var policy = await roles.ReadAsync(instance, cancellationToken);
        var expired = policy.Bindings.Where(b => InstanceRoles.CaptureOf(b) is not null && Expired(b)).ToList();
        if (expired.Count > 0)
        {
            var outcome = await TryAsync(tally, () => roles.EnsureNoneAsync(instance, Expired, cancellationToken));
            expired.ForEach(b => tally.Findings.Add(Find(RoleKind, instance, InstanceRoles.CaptureOf(b)!, InstanceRoles.ExpiresAt(b)!.Value, outcome, tally)));
        }
    }

    private static async Task<string?> TryAsync(Tally tally, Func<Task> takeBack)
    {
        try
        {
            await (tally.TakesBack ? takeBack() : Task.CompletedTask);
            return null;
        }
        catch (Exception e) when (e is GceRefusalException or StepUnavailableException)
        {
            return (e as GceRefusalException)?.Fault.Detail ?? e.Message;
        }
    }

    private SweepFinding Find(string kind, NodeInstance instance, string captureId, DateTimeOffset expiredAt, string? failure, Tally tally)
    {
        if (!tally.TakesBack)
        {
            return new(kind, instance.Zone, instance.Name, captureId, expiredAt, SweepOutcome.Overdue, Cluster(instance));
        }

        var outcome = failure is null ? SweepOutcome.Removed : SweepOutcome.Failed;
        logger.SweptOn(kind, captureId, instance.ToString(), outcome.ToString());
        return new(kind, instance.Zone, instance.Name, captureId, expiredAt, outcome, Cluster(instance), failure);
    }

    private static string Cluster(NodeInstance instance) => $"gce:{instance.Project}";

    private sealed record Tally(DateTimeOffset At, bool TakesBack)
    {
        public List<LiveGrant> Live { get; } = [];

        public List<SweepFinding> Findings { get; } = [];

        public List<CaptureFault> Faults { get; } = [];
    }
}
