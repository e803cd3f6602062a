using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Tests.Durable;
using CaptureFlow.Local.Hosting;
using Microsoft.OpenApi.Reader;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>openapi.yaml and the running host say the same, whichever of them one starts from.</summary>
public sealed partial class ContractTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Media = "application/json";

    /// <summary>Every example of a request body: the operation's path, and the example's name.</summary>
    public static async Task<IEnumerable<TheoryDataRow<string, string>>> Examples() =>
        Bodies(await ApiDocument.LoadAsync()).SelectMany(body => body.Examples.Select(example => new TheoryDataRow<string, string>(body.Path, example.Key)));

    [Fact]
    public void Routes_OfTheFunctionsAndOfTheDocument_AreTheSame()
    {
        var functions = FunctionCatalog.Discover(typeof(AddCaptureFlowExtensions).Assembly.GetTypes()).Http;

        Assert.Equal(
            functions.SelectMany(function => function.Methods.Where(method => method != "HEAD").Select(method => $"{method} /{function.Route}")).Order(StringComparer.Ordinal),
            host.Document.Operations.Order(StringComparer.Ordinal));
        Assert.Equal(
            functions.Where(function => !AsksWhoIsThere(function)).Select(function => $"/{function.Route}").Order(StringComparer.Ordinal),
            host.Document.Json["paths"]!.AsObject()
                .Where(path => path.Value!.AsObject().Any(operation => operation.Value!["security"] is JsonArray { Count: 0 }))
                .Select(path => path.Key)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Routes_ThatTakeGet_TakeHead()
    {
        var functions = FunctionCatalog.Discover(typeof(AddCaptureFlowExtensions).Assembly.GetTypes()).Http;

        Assert.All(functions.Where(function => function.Methods.Contains("GET")), function => Assert.Contains("HEAD", function.Methods));
    }

    /// <summary>What is walked with each status is every operation that takes a key: none answers a stranger's query before it asks who is there.</summary>
    [Fact]
    public void Routes_ThatTakeAKey_AreAllWalked()
    {
        var functions = FunctionCatalog.Discover(typeof(AddCaptureFlowExtensions).Assembly.GetTypes()).Http;

        // Readiness answers everybody, and asks only whether to name what it looked at.
        var keyed = functions.Where(function => AsksWhoIsThere(function) && function.Route != "health/ready")
            .SelectMany(function => function.Methods.Where(method => method != "HEAD").Select(method => $"{method} {function.Route}"));

        Assert.All(keyed, operation => Assert.Contains(ContractWalk.Keyed, walked => Regex.IsMatch(walked, $"^{PathParameter().Replace(operation, "[^/]+")}$")));
    }

    [Fact]
    public void Document_ReadByTheOpenApiLibrary_HasNoErrorAndNoWarning()
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(host.Document.Json.ToJsonString()));

        var read = Microsoft.OpenApi.OpenApiDocument.Load(json, "json", new OpenApiReaderSettings { RuleSet = Microsoft.OpenApi.ValidationRuleSet.GetDefaultRuleSet() });

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal(host.Document.Document.Paths.Count, read.Document!.Paths.Count);
    }

    [Fact]
    public async Task Document_Served_IsTheFile()
    {
        using var response = await host.Http.GetAsync(new Uri("/api/openapi.yaml", UriKind.Relative));

        Assert.Equal("application/yaml", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(await File.ReadAllTextAsync(ApiDocument.File), await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Example_OfARequest_IsValidAndAnsweredAsItSays(string path, string name)
    {
        var example = Bodies(host.Document).Single(body => body.Path == path).Examples[name]!;
        var (value, answer) = (example["value"]!.ToJsonString(), example["x-answer"]!.GetValue<string>());
        var schema = host.Document.Document.Paths[path].ActualPathItem["post"].ActualRequestBody.Content[Media].Schema;

        using var content = new StringContent(value, Encoding.UTF8, Media);
        using var response = await host.Http.PostAsync(new Uri($"/api{path}?{example["x-query"]?.GetValue<string>()}", UriKind.Relative), content);

        Assert.Equal(answer, $"{(int)response.StatusCode}");
        Assert.Equal(answer == "400", ApiDocument.Check(value, schema).Count > 0);
    }

    [Fact]
    public void Examples_OfAnswers_AreValid()
    {
        List<string> broken = [];
        var examples = 0;
        foreach (var response in host.Document.Document.Paths.Values.SelectMany(path => path.ActualPathItem.Values).SelectMany(operation => operation.ActualResponses.Values))
        {
            foreach (var media in response.Content.Values)
            {
                foreach (var example in media.Examples?.Values ?? [])
                {
                    examples++;
                    broken.AddRange(ApiDocument.Check(Newtonsoft.Json.JsonConvert.SerializeObject(example.Value), media.Schema));
                }
            }
        }

        Assert.Empty(broken);
        Assert.NotEqual(0, examples);
    }

    [Fact]
    public async Task EveryStatus_OfTheDocument_IsAnsweredSo()
    {
        await ContractWalk.RunAsync(host);
        await using ApiHost locked = new() { Key = "0123456789abcdefghij" };
        await locked.InitializeAsync();
        await ContractWalk.WithoutKeyAsync(locked);
        using AlertWalk alerts = new();
        await using ApiHost signedIn = new() { SignedIn = true, Settings = new Dictionary<string, string?>([.. SignedInWalk.Settings, .. alerts.Settings]) };
        await signedIn.InitializeAsync();
        await SignedInWalk.RunAsync(signedIn);
        await AlertWalk.RunAsync(signedIn);

        Assert.Equal(
            host.Document.Answers.Order(StringComparer.Ordinal),
            host.Contract.Seen.Concat(locked.Contract.Seen).Concat(signedIn.Contract.Seen).Distinct().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<(string Path, JsonObject Examples)> Bodies(ApiDocument document) =>
        from path in document.Json["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        let examples = operation.Value!["requestBody"]?["content"]?[Media]?["examples"]
        where examples is not null
        select (path.Key, examples.AsObject());

    private static bool AsksWhoIsThere(HttpFunction function) =>
        CalledMethods.From(function.Function.Method).Keys.Any(called => called.DeclaringType == typeof(AccessGate));

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex PathParameter();
}
