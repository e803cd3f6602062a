using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Admission;

/// <summary>
/// Writes into a plan what it has to wait for before its grant: a second person, a place within the quotas. Whatever the site; and only where
/// something is configured, so that all other captures ask nobody.
/// </summary>
public sealed class GateTermsOfPlans(IOptions<CapturePolicy> policy, IOptions<CaptureQuotas> quotas)
{
    public StepResult<CapturePlan> Add(StepResult<CapturePlan> planned) =>
        planned.Value is { } plan ? planned with { Value = Add(plan) } : planned;

    /// <summary>A fleet waits as a whole: its captures have nothing left to wait for.</summary>
    public CapturePlan Add(CapturePlan plan) => plan.Order.Fleet is not null ? plan : plan with
    {
        Approval = ApprovalRules.For(plan, policy.Value),
        Admission = QuotaRules.For(plan, quotas.Value),
    };

    public StepResult<FleetPlan> Add(FleetOrder order, StepResult<FleetPlan> resolved) => resolved.Value is not { } plan ? resolved : resolved with
    {
        Value = plan with
        {
            Approval = ApprovalRules.For(order.Target.Namespace, order.Window, policy.Value, plan.WholeNode),
            Admission = QuotaRules.For(order, plan, quotas.Value),
        },
    };

    internal static IServiceCollection AddTo(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CaptureQuotas>().Bind(configuration.GetSection(CaptureQuotas.Section)).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<IValidateOptions<CaptureQuotas>, CaptureQuotasRules>().AddSingleton<GateTermsOfPlans>().AddSingleton<LedgerRebuild>();
    }
}
