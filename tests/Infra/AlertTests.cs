namespace CaptureFlow.Infra.Tests;

/// <summary>Who is told by the alert rules, and that nobody is told only on purpose.</summary>
public sealed class AlertTests(DeploymentFixture fixture)
{
    [Fact]
    public async Task Deployment_WithoutAnActionGroup_IsRefusedUnlessNobodyIsMeant()
    {
        using var workspace = new BicepWorkspace();
        await workspace.WriteAsync("silent.bicepparam", "using 'main.bicep'\nparam environmentName = 'silent'\n");

        var answer = await workspace.TryPredictAsync("silent");

        Assert.NotEqual(0, answer.ExitCode);
        Assert.Contains("Nobody would be told of alerts", answer.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DeploymentFixture.Dev, 0)]
    [InlineData(DeploymentFixture.Prod, 0)]
    [InlineData(DeploymentFixture.Other, 1)]
    public void Rules_AllOfThem_TellTheActionGroups(string name, int groups)
    {
        var rules = fixture.Resources(name, "Microsoft.Insights/scheduledQueryRules").ToList();

        Assert.NotEmpty(rules);
        Assert.All(rules, rule => Assert.Equal(groups, rule.At("properties/actions/actionGroups")!.AsArray().Count));
    }
}
