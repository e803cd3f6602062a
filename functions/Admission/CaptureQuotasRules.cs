using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Admission;

/// <summary>What annotations do not see: the limits inside.</summary>
internal sealed class CaptureQuotasRules : IValidateOptions<CaptureQuotas>
{
    public ValidateOptionsResult Validate(string? name, CaptureQuotas options) =>
        options.All.SelectMany(quota => quota.Limits.Problems($"{CaptureQuotas.Section}:Per{quota.Scope}")).ToList() is { Count: > 0 } problems
            ? ValidateOptionsResult.Fail(problems)
            : ValidateOptionsResult.Success;
}
