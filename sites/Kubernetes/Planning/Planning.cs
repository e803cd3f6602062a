using System.Globalization;
using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Resolves an order to a plan, or says everything that is against it at once. Changes nothing.</summary>
internal sealed class Planning(
    ClusterConnection connection,
    ClusterCalls calls,
    AccessReviews reviews,
    AccountHome home,
    FilterCheck filters,
    FilterNames names,
    RoleCheck role,
    IOptions<CapturePolicy> policy,
    IOptions<TapOptions> options,
    TimeProvider time)
{
    public const string Site = CaptureMethods.Pod;

    // Room for a crash and a restart between the steps, so that the reaper never takes a grant that its capture still uses.
    internal static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    /// <summary>No grant lasts longer, whatever the settings: start allowance, window, a fleet's wait and linger at their ceilings.</summary>
    internal static readonly TimeSpan LongestGrant =
        TimeSpan.FromMinutes(5) + CaptureCeilings.Duration + FleetOrder.StartAllowance + FleetOrder.WordAllowance + TimeSpan.FromHours(2) + Slack;

    public async Task<StepResult<CapturePlan>> PlanAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        var survey = await SurveyAsync(order, cancellationToken);
        IReadOnlyList<CaptureFault> faults = survey.Draft is null ? survey.Faults : [.. survey.Faults, .. await role.FindFaultsAsync(CaptureRole.InPod, cancellationToken)];
        return faults.Count == 0 && survey.Draft is { } plan ? StepResult.Of(plan) : StepResult.Fault<CapturePlan>(faults);
    }

    public async Task<PlanSurvey> SurveyAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        var faults = await CheckOrderAsync(order, cancellationToken);
        if (!DnsNames.IsLabel(order.Target.Namespace) || !DnsNames.IsSubdomain(order.Target.Pod))
        {
            return new(null, null, [], faults);
        }

        var missing = await reviews.MissingAsync(connection.Own, order.Target.Namespace, Needed(order), cancellationToken);
        faults.AddRange(MissingRights.Faults(missing, order.Target.Namespace, MissingRights.Pods));
        var accounts = await home.FindAsync(order.Target.Namespace, cancellationToken);
        faults.AddRange(MissingRights.Faults(accounts.Missing, accounts.Namespace, MissingRights.Accounts));
        missing = [.. missing, .. accounts.Missing];
        if (missing.Any(right => right is { Verb: "get", Resource: "pods" }))
        {
            return new(null, null, missing, faults);
        }

        var pod = await FindPodAsync(order.Target, cancellationToken);
        faults.AddRange(PodRules.Check(pod, order.Target));
        if (pod is null)
        {
            return new(null, null, missing, faults);
        }

        faults.AddRange(pod.Spec.HostNetwork == true ? NodeRules.CheckHostNetwork(order, pod.Spec.NodeName ?? string.Empty, policy.Value) : []);
        faults.AddRange(StorageRules.Check(pod, order) is { } storage ? [storage] : []);
        var (expression, unknown) = missing.Contains(FilterNames.GetServices) ? (null, []) : await names.LookUpAsync(order, pod, cancellationToken);
        faults.AddRange(unknown);
        return await WithFilterAsync(new(pod, Draw(order, pod, expression, accounts.Namespace), missing, faults), cancellationToken);
    }

    /// <summary>Everything against the order that can be told without the cluster.</summary>
    public async Task<List<CaptureFault>> CheckOrderAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        List<CaptureFault> faults = [.. OrderRules.Check(order, policy.Value)];
        if (!faults.Exists(f => f.Code == FaultCodes.FilterInvalid)
            && order.Filter is { } filter
            && (await filters.LookAsync(filter, cancellationToken)).Complaint is { } complaint)
        {
            faults.Add(FilterFault(complaint, filter));
        }

        return faults;
    }

    /// <summary>The survey, with what tcpdump says to the filter that it would get: the asked one, with what CaptureFlow adds to it.</summary>
    public async Task<PlanSurvey> WithFilterAsync(PlanSurvey survey, CancellationToken cancellationToken)
    {
        if (survey.Draft is not { Filter: { } composed } || survey.Faults.Any(fault => fault.Code == FaultCodes.FilterInvalid))
        {
            return survey;
        }

        var (complaint, notAsked) = await filters.LookAsync(composed, cancellationToken);
        return survey with
        {
            FilterNotAsked = notAsked,
            Faults = complaint is null ? survey.Faults : [.. survey.Faults, FilterFault($"as it is used, {composed}: {complaint}", survey.Draft.Order.Filter)],
        };
    }

    /// <summary>The pod; null when there is none of that name.</summary>
    public async Task<V1Pod?> FindPodAsync(CaptureTarget target, CancellationToken cancellationToken) => await calls.TryFindAsync(
        "get pods",
        token => connection.Own.CoreV1.ReadNamespacedPodAsync(target.Pod, target.Namespace, cancellationToken: token),
        cancellationToken);

    /// <summary>The fault of a filter that tcpdump does not compile, here or in the tap.</summary>
    /// <param name="complaint">tcpdump's own words.</param>
    /// <param name="asked">The filter as it was ordered, for what may have been meant.</param>
    public static CaptureFault FilterFault(string complaint, string? asked = null) => new(
        FaultCodes.FilterInvalid, "The filter does not compile.", FilterHints.Remedy(asked), "filter", complaint);

    /// <summary>The exact argv of tcpdump. The filter is one argument, after the end of the options.</summary>
    /// <param name="order">Its window bounds the file.</param>
    /// <param name="filter">Null for all traffic.</param>
    /// <param name="tap">The buffer.</param>
    /// <param name="changesUser">Whether tcpdump is told to stay root: where it may not set up an identity, being told so would end it.</param>
    internal static IReadOnlyList<string> Argv(CaptureOrder order, string? filter, TapOptions tap, bool changesUser = true)
    {
        List<string> argv = ["tcpdump", "-i", "any", "-n", "-s", Number(order.Window.SnapLength), "-B", Number(tap.BufferKiB)];
        if (order.Window.PacketBound is { } packets)
        {
            argv.AddRange(["-c", Number(packets)]);
        }

        argv.AddRange(changesUser ? [TapSpec.IdentityOption, "root"] : (string[])[]);
        argv.AddRange(["-w", TapScripts.FilePath(order.CaptureId)]);
        if (filter is { Length: > 0 })
        {
            argv.AddRange(["--", filter]);
        }

        return argv;
    }

    private static IReadOnlyList<Right> Needed(CaptureOrder order) =>
        order.Ports?.Service is null ? Right.OfCaptureFlow : [.. Right.OfCaptureFlow, FilterNames.GetServices];

    private CapturePlan Draw(CaptureOrder order, V1Pod pod, string? filter, string accounts) => new(
        order,
        Site,
        pod.Metadata.Uid,
        pod.Spec.NodeName ?? string.Empty,
        options.Value.Image,
        Argv(order, filter, options.Value),
        order.Window.PacketBound,
        order.Window.ByteBound,
        options.Value.StartAllowance + order.LongestWindow + options.Value.Linger + Slack,
        Sees(pod),
        [.. (pod.Spec.EphemeralContainers ?? []).Select(c => c.Name).Where(n => n != order.CaptureId && CaptureIds.IsValid(n))],
        time.GetUtcNow(),
        filter)
    {
        WholeNode = pod.Spec.HostNetwork == true,
        AccountNamespace = accounts == order.Target.Namespace ? null : accounts,
    };

    private static string Sees(V1Pod pod) => pod.Spec.HostNetwork == true
        ? "The pod uses its node's network: all traffic of the node, other pods' included, is seen."
        : "All traffic of the pod, its loopback included: plaintext between the application and a mesh proxy, and the wire as the pod sees it.";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
