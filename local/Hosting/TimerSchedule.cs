using Microsoft.Extensions.Configuration;
using NCrontab;

namespace CaptureFlow.Local.Hosting;

/// <summary>When a timer function is due: NCRONTAB in six fields (seconds first), in UTC as on Azure's default.</summary>
internal sealed class TimerSchedule
{
    private readonly CrontabSchedule _schedule;

    private TimerSchedule(CrontabSchedule schedule) => _schedule = schedule;

    /// <summary>Reads an expression, or the setting that <c>%NAME%</c> names.</summary>
    /// <exception cref="HostRefusedException">It is neither.</exception>
    public static TimerSchedule Parse(string function, string expression, IConfiguration configuration)
    {
        var text = expression;
        if (expression is ['%', .., '%'])
        {
            var setting = expression.Trim('%');
            text = configuration[setting] ?? throw new HostRefusedException(
                $"The schedule of the function '{function}' is the setting '{setting}', which is not set.", $"Set {setting}, e.g. to \"0 */5 * * * *\".");
        }

        return CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = true }) is { } schedule
            ? new(schedule)
            : throw new HostRefusedException(
                $"The schedule '{text}' of the function '{function}' is not NCRONTAB.", "Write six fields, seconds first, e.g. \"0 */5 * * * *\" for every five minutes.");
    }

    /// <summary>The first due time after <paramref name="time"/>; null when there is none.</summary>
    public DateTimeOffset? After(DateTimeOffset time)
    {
        var next = _schedule.GetNextOccurrence(time.UtcDateTime, DateTime.MaxValue);
        return next == DateTime.MaxValue ? null : new DateTimeOffset(DateTime.SpecifyKind(next, DateTimeKind.Utc));
    }
}
