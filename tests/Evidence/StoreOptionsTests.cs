using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence.Tests;

public sealed class StoreOptionsTests
{
    private const string Azure = "https://account.blob.core.windows.net";

    [Theory]
    [InlineData(Azure, false, "captures", true)]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1", true, "captures", true)]
    [InlineData("http://account.blob.core.windows.net", false, "captures", false)]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1", false, "captures", false)]
    [InlineData(Azure, true, "captures", false)]
    [InlineData(Azure + "/?sv=1&sig=secret", false, "captures", false)]
    [InlineData("https://me:secret@account.blob.core.windows.net", false, "captures", false)]
    [InlineData("account", false, "captures", false)]
    [InlineData(Azure, false, "Captures", false)]
    [InlineData(Azure, false, "a--b", false)]
    public void BlobStoreOptions_Validated_AsAtStart(string serviceUri, bool emulator, string container, bool valid)
    {
        using var services = Services(new() { ["ServiceUri"] = serviceUri, ["Emulator"] = $"{emulator}", ["Container"] = container }, BlobStoreOptions.Section);

        var refusal = Record.Exception(() => services.GetRequiredService<IOptions<BlobStoreOptions>>().Value);

        Assert.Equal(valid, refusal is null);
        Assert.DoesNotContain("secret", refusal?.Message ?? string.Empty, StringComparison.Ordinal);
    }

    [Fact]
    public void RetentionOptions_ByVerdict_AddToTheDefaults()
    {
        using var services = Services(new() { ["Days"] = "10", ["DaysByVerdict:Lossy"] = "90" }, RetentionOptions.Section);

        var rules = services.GetRequiredService<IOptions<RetentionOptions>>().Value.RulesAt(Make.Noon);

        Assert.Equal((10, 90, 7), (rules.Days[Verdict.Complete], rules.Days[Verdict.Lossy], rules.Days[Verdict.Empty]));
    }

    [Fact]
    public void RetentionOptions_NegativeForAVerdict_IsRefused()
    {
        using var services = Services(new() { ["DaysByVerdict:Lossy"] = "-1" }, RetentionOptions.Section);

        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<RetentionOptions>>().Value);
    }

    [Theory]
    [InlineData("500", "400", false)]
    [InlineData("0", "400", false)]
    [InlineData("400", "400", true)]
    [InlineData("0", "0", true)]
    public void RetentionOptions_LogThatGoesBeforeItsEvidence_IsRefused(string lossy, string logs, bool valid)
    {
        using var services = Services(new() { ["DaysByVerdict:Lossy"] = lossy, ["LogDays"] = logs }, RetentionOptions.Section);

        var refusal = Record.Exception(() => services.GetRequiredService<IOptions<RetentionOptions>>().Value);

        Assert.Equal(valid, refusal is null);
        Assert.Equal(!valid, refusal?.Message.Contains("LogDays (400) is less than captures are kept (Lossy: ", StringComparison.Ordinal) ?? false);
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings, string section) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"{section}:{s.Key}", s.Value))).Build())
        .AddEvidence()
        .AddBlobStore()
        .BuildServiceProvider();
}
