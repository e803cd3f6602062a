namespace CaptureFlow.Infra.Tests;

/// <summary>The Functions app, as deployed.</summary>
public sealed class FunctionAppTests(DeploymentFixture fixture)
{
    public static TheoryData<string> Names => [.. DeploymentFixture.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void App_IsFlexConsumptionOnNet10AsItsIdentity(string name)
    {
        var plan = Assert.Single(fixture.Resources(name, "Microsoft.Web/serverfarms"));
        var app = Assert.Single(fixture.Resources(name, "Microsoft.Web/sites"));

        Assert.Equal("FC1", plan.Text("sku/name"));
        Assert.Equal("UserAssigned", app.Text("identity/type"));
        Assert.Single(app.At("identity/userAssignedIdentities")!.AsObject());
        Assert.Equal("dotnet-isolated", app.Text("properties/functionAppConfig/runtime/name"));
        Assert.Equal("10.0", app.Text("properties/functionAppConfig/runtime/version"));
        Assert.Equal("UserAssignedIdentity", app.Text("properties/functionAppConfig/deployment/storage/authentication/type"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void App_TakesHttpsAndNoPasswords(string name)
    {
        var app = fixture.Resources(name, "Microsoft.Web/sites").Single();
        var passwords = fixture.Resources(name, "Microsoft.Web/sites/basicPublishingCredentialsPolicies").ToList();

        Assert.Equal("true", app.Text("properties/httpsOnly"));
        Assert.Contains(app.Text("properties/siteConfig/minTlsVersion"), (string[])["1.2", "1.3"]);
        Assert.Contains(app.Text("properties/siteConfig/scmMinTlsVersion"), (string[])["1.2", "1.3"]);
        // Flex Consumption has no FTP to switch off, and some regions refuse a deployment that says so.
        Assert.DoesNotContain("ftps", app.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(2, passwords.Count);
        Assert.All(passwords, policy => Assert.Equal("false", policy.Text("properties/allow")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Settings_HostStorage_IsReachedAsTheIdentity(string name)
    {
        var settings = fixture.AppSettings(name);

        Assert.Equal("managedidentity", settings["AzureWebJobsStorage__credential"]);
        Assert.Contains("clientId", settings["AzureWebJobsStorage__clientId"], StringComparison.Ordinal);
        Assert.StartsWith("cfhost", settings["AzureWebJobsStorage__accountName"], StringComparison.Ordinal);
        Assert.Equal(3, settings.Keys.Count(setting => setting.StartsWith("AzureWebJobsStorage__", StringComparison.Ordinal)));
        Assert.DoesNotContain("AzureWebJobsStorage", settings.Keys);
        Assert.EndsWith("Authorization=AAD', reference", settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"].Split('(')[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_HostStorageInSovereignClouds_IsReachedByItsAddresses()
    {
        using var workspace = new BicepWorkspace();
        await workspace.WriteAsync("sovereign.bicepparam", "using 'main.bicep'\nparam environmentName = 'gov'\nparam alertsTellNobody = true\nparam sovereignCloud = true\n");

        var settings = (await workspace.PredictAsync("sovereign")).AppSettings();

        Assert.DoesNotContain("AzureWebJobsStorage__accountName", settings.Keys);
        Assert.All((string[])["blob", "queue", "table"], part => Assert.Contains($"primaryEndpoints.{part}", settings[$"AzureWebJobsStorage__{part}ServiceUri"], StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Settings_Names_AreThoseThatThePlatformTakes(string name) =>
        Assert.All(fixture.AppSettings(name).Keys, setting => Assert.Matches("^[A-Za-z][A-Za-z0-9_]*$", setting));

    [Theory]
    [InlineData("settings = { 'CaptureFlow__Clusters__prod-west__Kind': 'aks' }")]
    [InlineData("vaultSettings = { 'CaptureFlow:Alerts:Bindings:shop:Authentication:Secret': 'shop-webhook' }")]
    public async Task Deployment_SettingNameThatThePlatformRefuses_IsRefusedWithTheOtherWay(string parameter)
    {
        using var workspace = new BicepWorkspace();
        await workspace.WriteAsync("refused.bicepparam", $"using 'main.bicep'\nparam environmentName = 'refused'\nparam alertsTellNobody = true\nparam {parameter}\n");

        var answer = await workspace.TryPredictAsync("refused");

        Assert.NotEqual(0, answer.ExitCode);
        Assert.Contains($"_ stands for a hyphen. Refused: {parameter.Split('\'')[1]}", answer.Said, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Settings_Secrets_AreReferencesToTheVault(string name)
    {
        var secret = fixture.AppSettings(name).Where(setting => setting.Key.Contains("Secret", StringComparison.OrdinalIgnoreCase)).ToList();

        Assert.Equal(name == DeploymentFixture.Other ? 1 : 0, secret.Count);
        Assert.All(secret, setting => Assert.StartsWith("@Microsoft.KeyVault(VaultName=", setting.Value, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(DeploymentFixture.Dev, "14", "2")]
    [InlineData(DeploymentFixture.Prod, "365", "30")]
    [InlineData(DeploymentFixture.Other, "0", "0")]
    public void Settings_Retention_IsThatOfTheLifecycle(string name, string days, string daysOfEmpty)
    {
        var settings = fixture.AppSettings(name);
        var rules = fixture.Resources(name, "Microsoft.Storage/storageAccounts/managementPolicies").Single().At("properties/policy/rules")!.AsArray();

        var deleted = rules.ToDictionary(rule => rule!.Text("name")!, rule => rule!.Text("definition/actions/baseBlob/delete/daysAfterModificationGreaterThan"));

        Assert.Equal((days, daysOfEmpty), (settings["CaptureFlow__Retention__Days"], settings["CaptureFlow__Retention__DaysByVerdict__Empty"]));
        Assert.Equal(days == "0" ? null : days, deleted.GetValueOrDefault("captures-by-age"));
        Assert.Equal(daysOfEmpty == "0" ? null : daysOfEmpty, deleted.GetValueOrDefault("captures-empty"));
    }

    [Fact]
    public void Entra_WhenAsked_OnlyHealthAndWebhooksAreOpen()
    {
        var auth = fixture.Resources(DeploymentFixture.Other, "Microsoft.Web/sites/config").Single(c => c.Text("name")!.EndsWith("/authsettingsV2", StringComparison.Ordinal));

        Assert.Equal("Return401", auth.Text("properties/globalValidation/unauthenticatedClientAction"));
        Assert.Equal(["/api/health", "/api/health/ready", "/api/alerts/*"], auth.At("properties/globalValidation/excludedPaths")!.AsArray().Select(path => path!.ToString()));
        Assert.Null(auth.At("properties/identityProviders/azureActiveDirectory/registration/clientSecretSettingName"));
    }
}
