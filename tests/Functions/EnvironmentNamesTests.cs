using CaptureFlow.Functions.Settings;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;

namespace CaptureFlow.Functions.Tests;

/// <summary>Alone, because the environment is that of the whole process, and the hosts of other tests read it.</summary>
[CollectionDefinition(nameof(EnvironmentNamesTests), DisableParallelization = true)]
[Collection(nameof(EnvironmentNamesTests))]
public sealed class EnvironmentNamesTests
{
    [Theory]
    [InlineData("CaptureFlow__Clusters__e1_west_2__Kind", "CaptureFlow:Clusters:e1-west-2:Kind")]
    [InlineData("CaptureFlow__Alerts__Bindings__e2_errors__Authentication__Secret", "CaptureFlow:Alerts:Bindings:e2-errors:Authentication:Secret")]
    [InlineData("captureflow__clusters__e3_west__Server", "CaptureFlow:Clusters:e3-west:Server")]
    [InlineData("CaptureFlow__Clusters__e4-west__Kind", "CaptureFlow:Clusters:e4-west:Kind")]
    [InlineData("CaptureFlow__Alerts__Bindings__e5__Target__WorkloadLabels__some_label", "CaptureFlow:Alerts:Bindings:e5:Target:WorkloadLabels:some_label")]
    [InlineData("CaptureFlow__Notifications__e6_ops__Url", "CaptureFlow:Notifications:e6_ops:Url")]
    [InlineData("SOME_OTHER_E7", "SOME_OTHER_E7")]
    public void Environment_OfTheApp_HasTheSettingUnderItsName(string variable, string setting)
    {
        Environment.SetEnvironmentVariable(variable, "a value");
        var builder = FunctionsApplication.CreateBuilder([]);

        builder.Configuration.UseEnvironmentNames();

        Assert.Equal("a value", builder.Configuration[setting]);
        Assert.DoesNotContain(builder.Configuration.GetSection("CaptureFlow:Clusters").GetChildren(), cluster => cluster.Key.Contains('_', StringComparison.Ordinal));
        Environment.SetEnvironmentVariable(variable, null);
    }

    [Fact]
    public void Environment_BothNames_TheOneWithHyphensHolds()
    {
        Environment.SetEnvironmentVariable("CaptureFlow__Clusters__both_names__Kind", "gke");
        Environment.SetEnvironmentVariable("CaptureFlow__Clusters__both-names__Kind", "aks");
        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables();

        configuration.UseEnvironmentNames();

        Assert.Equal("aks", configuration["CaptureFlow:Clusters:both-names:Kind"]);
        Environment.SetEnvironmentVariable("CaptureFlow__Clusters__both_names__Kind", null);
        Environment.SetEnvironmentVariable("CaptureFlow__Clusters__both-names__Kind", null);
    }

    [Fact]
    public void Environment_ItsPlaceAmongTheSources_Stays()
    {
        Environment.SetEnvironmentVariable("CaptureFlow__Clusters__in_place__Kind", "gke");
        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables();
        configuration.AddInMemoryCollection([new("CaptureFlow:Clusters:in-place:Kind", "aks")]);

        configuration.UseEnvironmentNames();

        Assert.Equal("aks", configuration["CaptureFlow:Clusters:in-place:Kind"]);
        Environment.SetEnvironmentVariable("CaptureFlow__Clusters__in_place__Kind", null);
    }
}
