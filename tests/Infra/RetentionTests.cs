using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CaptureFlow.Evidence;
using CaptureFlow.Orchestrations;
using CsCheck;
using Microsoft.Extensions.Configuration;

namespace CaptureFlow.Infra.Tests;

/// <summary>The service deletes by the rules of the account, the app by its settings. Both come from the same parameters, and nothing goes that the app keeps.</summary>
public sealed class RetentionTests
{
    private const string Id = "cf-bxjmsyvyv0ax11t3";

    /// <summary>A compilation takes seconds however many deployments it is asked for, so one sample is many of them.</summary>
    private const int Deployments = 30;

    /// <summary>A window of an hour, and 40 rounds of retrieval, may lie between the order and what is stored of it.</summary>
    private static readonly TimeSpan[] StoredAfter = [TimeSpan.Zero, TimeSpan.FromHours(9)];

    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<int> Days = Gen.Frequency((1, Gen.Const(0)), (2, Gen.Int[1, 8]), (4, Gen.Int[9, 500]));

    private static readonly Gen<Case> AnyCase = Gen.Select(
        Days, Days, Days, Gen.Select(Gen.Enum<Verdict>(), Days).Array[0, 4],
        (all, other, logs, verdicts) => new Case(all, verdicts.DistinctBy(it => it.Item1).ToDictionary(it => $"{it.Item1}", it => it.Item2), logs));

    [Fact]
    public Task Lifecycle_AnySettings_DeletesNothingThatTheAppKeeps() => AnyCase.Array[Deployments].SampleAsync(
        async cases =>
        {
            var resources = await DeployAsync(cases);

            for (var at = 0; at < cases.Length; at++)
            {
                Check(cases[at], LifecycleOf(resources, at), OptionsOf(resources, at));
            }
        },
        iter: 1, threads: 1, print: cases => JsonSerializer.Serialize(cases, JsonSerializerOptions.Web));

    [Fact]
    public async Task Lifecycle_VerdictThatIsKept_HasNoRuleAndEndsTheCatchAll()
    {
        var resources = await DeployAsync([new(90, new() { ["Lossy"] = 0, ["Complete"] = 400 }, 400), new(90, new() { ["Complete"] = 400 }, 400)]);

        var (kept, none) = (DeletingRules(resources, 0), DeletingRules(resources, 1));

        Assert.Equal(["captures-complete=400", "captures-empty=90", "captures-failed=90", "captures-limitreached=90", "captures-partial=90", "logs=400"], kept);
        Assert.Contains("captures-lossy=90", none);
        Assert.Contains("captures-by-age=400", none);
    }

    [Theory]
    [InlineData("deleteAfterDaysByVerdict = { Lossi: 9 }", "Lossi")]
    [InlineData("deleteAfterDaysByVerdict = { Lossy: -1 }", "BCP328")]
    [InlineData("immutableDays = 30", "immutableDays needs immutableCaptures")]
    public async Task Deployment_SettingThatCannotHold_IsRefused(string parameter, string said)
    {
        using var workspace = new BicepWorkspace();
        await workspace.WriteAsync("refused.bicepparam", $"using 'main.bicep'\nparam environmentName = 'refused'\nparam alertsTellNobody = true\nparam {parameter}\n");

        var answer = await workspace.TryPredictAsync("refused");

        Assert.NotEqual(0, answer.ExitCode);
        Assert.Contains(said, answer.Said, StringComparison.Ordinal);
    }

    private static void Check(Case settings, LifecycleModel lifecycle, RetentionOptions options)
    {
        var rules = options.RulesAt(Now);
        Assert.Equal(settings.Logs, rules.LogDays);
        foreach (var verdict in Enum.GetValues<Verdict>())
        {
            var days = settings.ByVerdict.GetValueOrDefault($"{verdict}", settings.All);
            Assert.Equal(days, rules.Days[verdict]);
            foreach (var (requestedAt, modifiedAt) in Times(settings))
            {
                foreach (var blob in Captured(verdict, requestedAt, modifiedAt))
                {
                    var deleting = lifecycle.Deleting(blob, Now);
                    Assert.True(deleting.Count == 0 || rules.IsOver(verdict, requestedAt), $"{verdict} {blob.Path} ordered at {requestedAt} goes by {string.Join(", ", deleting)}");
                    Assert.True(deleting.Count > 0 || blob.Tags.Count == 0 || days == 0 || Now - modifiedAt <= TimeSpan.FromDays(days), $"{verdict} {blob.Path} of {modifiedAt} stays");
                }
            }
        }

        foreach (var (_, modifiedAt) in Times(settings))
        {
            var log = new StoredBlob($"captures/{BlobNames.Log(Id)}", "appendBlob", new Dictionary<string, string>(), modifiedAt);
            Assert.Equal(rules.IsLogOver(modifiedAt), lifecycle.Deleting(log, Now).Count > 0);
            foreach (var name in (string[])[BlobNames.Staging(Id), BlobNames.File(Id)])
            {
                var staged = new StoredBlob($"captures/{name}", "blockBlob", new Dictionary<string, string>(), modifiedAt);
                Assert.True(lifecycle.Deleting(staged, Now).Count == 0 || rules.IsGivenUp(modifiedAt), $"{staged.Path} of {modifiedAt} goes while it may be staged");
            }
        }
    }

    /// <summary>Around every bound there is, and far beyond: when it was ordered, and when the blob was last written.</summary>
    private static IEnumerable<(DateTimeOffset RequestedAt, DateTimeOffset ModifiedAt)> Times(Case settings) =>
        from days in settings.ByVerdict.Values.Concat([settings.All, settings.Logs, 1, 6, 1000]).Distinct()
        from hours in (double[])[-0.1, 0.1, 25]
        let requestedAt = Now - TimeSpan.FromDays(days) - TimeSpan.FromHours(hours)
        from after in StoredAfter
        where requestedAt + after <= Now
        select (requestedAt, requestedAt + after);

    /// <summary>The blobs of a stored capture, with index tags and, where the store is told to set none, without.</summary>
    private static IEnumerable<StoredBlob> Captured(Verdict verdict, DateTimeOffset requestedAt, DateTimeOffset modifiedAt)
    {
        var facts = new CaptureFacts(Id, null, "shop", "web-0", "someone", requestedAt, verdict);
        return
            from blob in (IEnumerable<(string Kind, string Name)>)
                [("file", BlobNames.File(Id)), ("manifest", BlobNames.Manifest(Id)), ("derived", BlobNames.Derived(Id, EvidenceFiles.Triage)), ("index", BlobNames.Index(new(requestedAt, Id)))]
            from tags in (Dictionary<string, string>[])[BlobTags.Tags(blob.Kind, facts), []]
            select new StoredBlob($"captures/{blob.Name}", "blockBlob", tags, modifiedAt);
    }

    private static async Task<IReadOnlyList<JsonObject>> DeployAsync(Case[] cases)
    {
        using var workspace = new BicepWorkspace();
        workspace.Add("retention-cases.bicep");
        await workspace.WriteAsync("cases.json", JsonSerializer.Serialize(cases, JsonSerializerOptions.Web));
        await workspace.WriteAsync("retention.bicepparam", "using 'retention-cases.bicep'\nparam cases = loadJsonContent('cases.json')\n");
        return await workspace.PredictAsync("retention");
    }

    private static JsonObject PolicyOf(IReadOnlyList<JsonObject> resources, int at)
    {
        // The name of an account is that of its deployment, and then a hash of 8.
        var prefix = $"cfcapcase{at.ToString(CultureInfo.InvariantCulture)}";
        return resources.Single(it => it.Text("type") == "Microsoft.Storage/storageAccounts/managementPolicies"
            && it.Text("name")!.Split('/')[0] is var account && account[..^8] == prefix);
    }

    private static LifecycleModel LifecycleOf(IReadOnlyList<JsonObject> resources, int at) => new(PolicyOf(resources, at));

    private static IEnumerable<string> DeletingRules(IReadOnlyList<JsonObject> resources, int at) =>
        from rule in PolicyOf(resources, at).At("properties/policy/rules")!.AsArray()
        let days = rule.Text("definition/actions/baseBlob/delete/daysAfterModificationGreaterThan")
        where days is not null
        let said = $"{rule.Text("name")}={days}"
        orderby said
        select said;

    /// <summary>The app's options, read from the settings that the deployment gives it as the host reads them.</summary>
    private static RetentionOptions OptionsOf(IReadOnlyList<JsonObject> resources, int at)
    {
        var settings = resources.Where(it => it.Text("name")!.StartsWith($"captureflow-case{at}-", StringComparison.Ordinal)).AppSettings();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(it => KeyValuePair.Create(it.Key.Replace("__", ":", StringComparison.Ordinal), (string?)it.Value)))
            .Build();
        var options = new RetentionOptions { StagedFor = TimeSpan.FromDays(6) };
        configuration.GetSection(RetentionOptions.Section).Bind(options);
        return options;
    }

    private sealed record Case(int All, Dictionary<string, int> ByVerdict, int Logs);
}
