using CaptureFlow.Functions.Settings;
using Microsoft.Extensions.Configuration;

namespace CaptureFlow.Functions.Tests;

public sealed class SettingNamesTests
{
    [Theory]
    [InlineData("CaptureFlow:Policy:ApprovalNamespace", "ApprovalNamespaces")]
    [InlineData("CaptureFlow:Quotas:PerClustr:Concurrent", "PerCluster")]
    [InlineData("CaptureFlow:Polcy:MaxDuration", "Policy")]
    [InlineData("CaptureFlow:Alerts:Bindings:shop:CoolDwon", "CoolDown")]
    [InlineData("CaptureFlow:Notifications:ops:Secret:0", "Secrets")]
    [InlineData("CaptureFlow:Tap:Immage", "Image")]
    [InlineData("CaptureFlow:Triage:AtEndd", "AtEnd")]
    public void Validate_MisspeltName_IsNamedWithTheNearest(string setting, string meant)
    {
        var result = Of((setting, "1"));

        Assert.Contains($"did you mean {meant}?", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_SeveralNames_AreReportedAtOnceAndNoValueIsRepeated()
    {
        var result = Of(("CaptureFlow:Tap:Whatever", "a-secret"), ("CaptureFlow:Nothing:Like:It", "a-secret"), ("CaptureFlow:Tap:Image", "netshoot"));

        Assert.Equal(2, result.Failures!.Count());
        Assert.Contains(result.Failures!, problem => problem.Contains("there are ", StringComparison.Ordinal) && problem.Contains(", Image, ", StringComparison.Ordinal));
        Assert.DoesNotContain("a-secret", result.FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CaptureFlow:policy:maxduration", "00:10:00")]
    [InlineData("CaptureFlow:Policy:HeaderOnlyNamespaces:0", "shop")]
    [InlineData("CaptureFlow:Retention:DaysByVerdict:Empty", "3")]
    [InlineData("CaptureFlow:Notifications:ops:Url", "https://example.com")]
    [InlineData("CaptureFlow:Alerts:Bindings:shop:Target:WorkloadLabels:deployment", "deployment")]
    [InlineData("CaptureFlow:Clusters:prod:Kind", "aks")]
    [InlineData("CaptureFlow:Local:Keys:0", "a-key")]
    [InlineData("CaptureFlow:PublicUrl", "https://example.com")]
    [InlineData("Other:Name", "1")]
    public void Validate_NameThatIsRead_Passes(string setting, string value) => Assert.True(Of((setting, value)).Succeeded);

    private static Microsoft.Extensions.Options.ValidateOptionsResult Of(params (string Name, string Value)[] settings) => new SettingNames(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(it => KeyValuePair.Create(it.Name, (string?)it.Value))).Build()).Validate(null, new());
}
