using System.Reflection;
using System.Text.RegularExpressions;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests.Telemetry;

/// <summary>The alert rules, the workbook and the docs ask for what there is.</summary>
public sealed partial class MetricNameTests
{
    private static readonly string[] Names =
        [.. typeof(MetricNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal)];

    private static readonly string[] Attributes = [CaptureTrace.CaptureId, CaptureTrace.Outcome, CaptureTrace.Fault, CaptureTrace.Verdict, CaptureTrace.Kind];

    public static TheoryData<string> Askers => ["infra/bicep/queries", "infra/bicep/workbook", "docs/azure.md"];

    [Theory]
    [MemberData(nameof(Askers))]
    public void Asked_EveryName_IsAnInstrumentOrAnAttribute(string path)
    {
        var asked = Asked(path);

        Assert.NotEmpty(asked);
        Assert.All(asked, name => Assert.Contains(name, Names.Concat(Attributes)));
    }

    [Theory]
    [InlineData("infra/bicep/workbook")]
    [InlineData("docs/azure.md")]
    public void Instruments_AllOfThem_AreShownAndDocumented(string path)
    {
        var asked = Asked(path);

        Assert.All(Names, name => Assert.Contains(name, asked));
    }

    [Theory]
    [InlineData("oldest-grant.kql", MetricNames.OldestLiveGrant)]
    [InlineData("revoke-unproven.kql", MetricNames.RevocationsUnproven)]
    [InlineData("captures-failing.kql", MetricNames.CapturesFinished)]
    public void Alert_Query_AsksForItsMetric(string file, string metric)
    {
        Assert.Contains($"'{metric}'", File.ReadAllText(Repository.Path("infra/bicep/queries", file)), StringComparison.Ordinal);
    }

    [Fact]
    public void Alert_ValuesOfTags_AreTheOnesRecorded()
    {
        var failing = File.ReadAllText(Repository.Path("infra/bicep/queries", "captures-failing.kql"));
        var unproven = File.ReadAllText(Repository.Path("infra/bicep/queries", "revoke-unproven.kql"));

        Assert.Contains($"Properties.verdict) == '{Endings.Failed}'", failing, StringComparison.Ordinal);
        Assert.Contains($"Properties.outcome) == '{SweepOutcome.Failed}'", unproven, StringComparison.Ordinal);
    }

    private static HashSet<string> Asked(string path)
    {
        var full = Repository.Path(path);
        string[] files = Directory.Exists(full) ? Directory.GetFiles(full) : [full];
        return [.. files.SelectMany(file => Name().Matches(File.ReadAllText(file)).Select(match => match.Value))];
    }

    [GeneratedRegex(@"\bcaptureflow\.[a-z_]+(\.[a-z_]+)*\b(?!/|-)")]
    private static partial Regex Name();
}
