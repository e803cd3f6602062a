using System.Globalization;
using CaptureFlow.Local.Hosting;
using Microsoft.Extensions.Configuration;

namespace CaptureFlow.Local.Tests.Hosting;

public sealed class TimerScheduleTests
{
    private static readonly IConfiguration Settings =
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Reaper:Schedule"] = "30 */15 * * * *" }).Build();

    [Theory]
    [InlineData("0 * * * * *", "2026-03-01T10:00:00Z", "2026-03-01T10:01:00Z")]
    [InlineData("*/20 * * * * *", "2026-03-01T10:00:05Z", "2026-03-01T10:00:20Z")]
    [InlineData("0 5,35 8-17 * * 1-5", "2026-03-06T17:35:00Z", "2026-03-09T08:05:00Z")]
    [InlineData("0 0 0 29 2 *", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("%Reaper:Schedule%", "2026-03-01T10:00:00Z", "2026-03-01T10:00:30Z")]
    public void After_Ncrontab_NextOccurrenceInUtc(string expression, string time, string expected)
    {
        var schedule = TimerSchedule.Parse("Reaper", expression, Settings);

        var next = schedule.After(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));

        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), next);
    }

    [Theory]
    [InlineData("* * * * *")]
    [InlineData("61 * * * * *")]
    [InlineData("hourly")]
    [InlineData("%Nothing%")]
    public void Parse_NotASchedule_RefusedWithTheFunctionsName(string expression)
    {
        var refusal = Assert.Throws<HostRefusedException>(() => TimerSchedule.Parse("Reaper", expression, Settings));

        Assert.Contains("'Reaper'", refusal.Problem, StringComparison.Ordinal);
    }
}
