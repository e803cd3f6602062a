using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence;

/// <summary>What annotations do not see: values inside a dictionary.</summary>
internal sealed class RetentionOptionsRules : IValidateOptions<RetentionOptions>
{
    public ValidateOptionsResult Validate(string? name, RetentionOptions options) =>
        options.DaysByVerdict.Where(days => days.Value is < 0 or > 36_500).Select(days => $"{RetentionOptions.Section}:DaysByVerdict:{days.Key} has to be 0 to 36500 days.").ToList() is { Count: > 0 } problems
            ? ValidateOptionsResult.Fail(problems)
            : ValidateOptionsResult.Success;
}
