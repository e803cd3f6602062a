using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CaptureFlow.Local.Hosting;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.Tests.Hosting;

public sealed class LocalHostTests : IDisposable
{
    private const string Key = "0123456789abcdefghij";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Request_RouteParametersAndActionResult_BoundAndAnswered()
    {
        await using var host = await StartAsync();
        using var http = Client(host);

        using var answer = await http.GetAsync(new Uri("/api/items/abc/parts/7", UriKind.Relative));
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(("abc", 7), (body.GetProperty("id").GetString(), body.GetProperty("number").GetInt32()));
    }

    [Theory]
    [InlineData("/api/items/abc/parts/seven", HttpStatusCode.NotFound)]
    [InlineData("/items/abc/parts/7", HttpStatusCode.NotFound)]
    [InlineData("/api/echo", HttpStatusCode.MethodNotAllowed)]
    public async Task Request_NoSuchRoute_NoFunctionRuns(string path, HttpStatusCode expected)
    {
        await using var host = await StartAsync();
        using var http = Client(host);

        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Request_PlainResult_Json()
    {
        await using var host = await StartAsync();
        using var http = Client(host);

        var sample = await http.GetFromJsonAsync<Sample>("/api/plain");

        Assert.Equal(new Sample("Plain", "/api/plain"), sample);
    }

    [Fact]
    public async Task Request_FunctionThrows_500WithoutItsWords()
    {
        await using var host = await StartAsync();
        using var http = Client(host);

        using var answer = await http.GetAsync(new Uri("/api/Broken", UriKind.Relative));

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_BodyOverTheBound_413()
    {
        await using var host = await StartAsync();
        using var http = Client(host);
        using var body = new ByteArrayContent(new byte[LocalHost.LargestBody + 1]);

        using var answer = await http.PostAsync(new Uri("/api/echo", UriKind.Relative), body);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData("/api/items/a/parts/1", null, HttpStatusCode.Unauthorized)]
    [InlineData("/api/items/a/parts/1", "0123456789abcdefghiX", HttpStatusCode.Unauthorized)]
    [InlineData("/api/items/a/parts/1", Key, HttpStatusCode.Accepted)]
    [InlineData("/api/items/a/parts/1?code=" + Key, null, HttpStatusCode.Accepted)]
    [InlineData("/api/plain", null, HttpStatusCode.OK)]
    public async Task Request_WithKeysConfigured_OnlyTheKeyOpensWhatIsNotAnonymous(string path, string? key, HttpStatusCode expected)
    {
        await using var host = await StartAsync(keys: [Key]);
        using var http = Client(host);
        if (key is not null)
        {
            http.DefaultRequestHeaders.Add(KeyGate.Header, key);
        }

        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData(Key, "key:alice")]
    [InlineData(Key + "-of-bob", "function-key")]
    [InlineData(null, null)]
    public async Task Request_KeyWithAName_FunctionIsToldTheName(string? key, string? expected)
    {
        await using var host = await StartAsync(new Dictionary<string, string?> { [$"{KeyGate.KeysSection}:Alice"] = Key, [$"{KeyGate.KeysSection}:0"] = Key + "-of-bob" });
        using var http = Client(host);
        if (key is not null)
        {
            http.DefaultRequestHeaders.Add(KeyGate.Header, key);
        }

        using var answer = await http.GetAsync(new Uri("/api/whoami", UriKind.Relative));

        Assert.Equal(expected, answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : null);
    }

    [Theory]
    [InlineData("alice", Key, "bob", Key, "the same key")]
    [InlineData("alice", Key, "0", Key, "the same key")]
    [InlineData("al ice", Key, "bob", Key + "2", "no name of a key")]
    [InlineData("alice", "short", "bob", Key, "can be guessed")]
    public async Task Start_KeysThatTellNobodyApart_Refused(string name, string key, string otherName, string otherKey, string problem)
    {
        var refusal = await Assert.ThrowsAsync<HostRefusedException>(() => StartAsync(
            new Dictionary<string, string?> { [$"{KeyGate.KeysSection}:{name}"] = key, [$"{KeyGate.KeysSection}:{otherName}"] = otherKey }));

        Assert.Contains(problem, refusal.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "http://elsewhere.example")]
    [InlineData("Host", "elsewhere.example")]
    public async Task Request_FromAWebPageWithoutKeys_Forbidden(string header, string value)
    {
        await using var host = await StartAsync();
        using var http = Client(host);
        http.DefaultRequestHeaders.Add(header, value);

        using var answer = await http.GetAsync(new Uri("/api/plain", UriKind.Relative));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "no key protects it")]
    [InlineData("https://127.0.0.1:0", "plain HTTP")]
    public async Task Start_AddressThatItMustNotListenOn_Refused(string url, string problem)
    {
        var refusal = await Assert.ThrowsAsync<HostRefusedException>(() => StartAsync(url: url));

        Assert.Contains(problem, refusal.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orchestration_OfTheCatalog_RunsItsActivitiesAndSurvivesARestart()
    {
        string id;
        await using (var first = await StartAsync())
        {
            id = await Orchestrations(first).ScheduleNewOrchestrationInstanceAsync("Twice", new Sample("a", "b"));
            await Orchestrations(first).WaitForInstanceCompletionAsync(id).WaitAsync(TimeSpan.FromSeconds(30));
        }

        await using var next = await StartAsync();
        var instance = await Orchestrations(next).GetInstanceAsync(id, getInputsAndOutputs: true);

        Assert.Equal("[a][b]", instance!.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Start_StateFolderInUse_RefusedUntilTheOtherHasEnded()
    {
        HostRefusedException refusal;
        await using (var first = await StartAsync())
        {
            refusal = await Assert.ThrowsAsync<HostRefusedException>(() => StartAsync());
            await first.StopAsync(CancellationToken.None);
        }

        await using var next = await StartAsync();

        Assert.Contains("in use", refusal.Problem, StringComparison.Ordinal);
        Assert.Contains("--state", refusal.Remedy, StringComparison.Ordinal);
        Assert.True(next.Url.Port > 0);
    }

    private static DurableTaskClient Orchestrations(LocalHost host) => host.Services.GetRequiredService<DurableTaskClient>();

    private static HttpClient Client(LocalHost host) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Url };

    private Task<LocalHost> StartAsync(string url = "http://127.0.0.1:0", params string[] keys) =>
        StartAsync(keys.Select((key, i) => KeyValuePair.Create<string, string?>($"{KeyGate.KeysSection}:{i}", key)).ToDictionary(), url);

    private Task<LocalHost> StartAsync(Dictionary<string, string?> settings, string url = "http://127.0.0.1:0") => LocalHost.StartAsync(
        new()
        {
            Url = new(url),
            StateFolder = _folder.FullName,
            Overrides = settings,
            Logging = logging => logging.ClearProviders(),
        },
        new LocalApplication([typeof(SampleHttp), typeof(SampleSteps)], (services, _) => services.AddSingleton<Notebook>()),
        CancellationToken.None);
}
