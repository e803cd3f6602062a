using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence;

/// <summary>What annotations do not see: values inside a dictionary, and settings that contradict each other.</summary>
internal sealed class RetentionOptionsRules : IValidateOptions<RetentionOptions>
{
    public ValidateOptionsResult Validate(string? name, RetentionOptions options)
    {
        List<string> problems =
        [
            .. options.DaysByVerdict.Where(days => days.Value is < 0 or > 36_500).Select(days => $"{RetentionOptions.Section}:DaysByVerdict:{days.Key} has to be 0 to 36500 days."),
        ];
        var outlived = options.RulesAt(DateTimeOffset.UnixEpoch).Days.Where(kept => options.LogDays > 0 && (kept.Value == 0 || kept.Value > options.LogDays)).ToList();
        if (outlived.Count > 0)
        {
            problems.Add(
                $"{RetentionOptions.Section}:LogDays ({options.LogDays}) is less than captures are kept ({string.Join(", ", outlived.Select(kept => $"{kept.Key}: {Say(kept.Value)}"))}): "
                + "verification calls evidence without its log forged. Set LogDays to as many days at least, or to 0 for ever.");
        }

        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    private static string Say(int days) => days == 0 ? "for ever" : $"{days} days";
}
