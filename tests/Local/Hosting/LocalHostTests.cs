using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CaptureFlow.Functions.Access;
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
    [InlineData(null, "0123456789abcdefghij", "anonymous")]
    [InlineData("0123456789abcdefghij", "none", "")]
    [InlineData("0123456789abcdefghij", "0123456789abcdefghij", "function-key")]
    [InlineData("0123456789abcdefghij", "0123456789abcdefghiX", "")]
    public async Task Request_SpareKey_IsAskedForWhereTheConfigurationHasNone(string? spare, string sent, string expected)
    {
        await using var host = await StartAsync([], spare: spare);
        using var http = Client(host);
        if (sent != "none")
        {
            http.DefaultRequestHeaders.Add(ApiKeys.Header, sent);
        }

        using var answer = await http.GetAsync(new Uri("/api/whoami", UriKind.Relative));

        Assert.Equal(expected.Length > 0 ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(spare is not null, host.UsesSpareKey);
        if (expected.Length > 0)
        {
            Assert.Equal(expected, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Start_SpareKeyBesideKeysOfTheConfiguration_DoesNotLetIn()
    {
        await using var host = await StartAsync(new Dictionary<string, string?> { [$"{ApiKeys.Section}:alice"] = Key }, spare: Key + "-spare");
        using var http = Client(host);
        http.DefaultRequestHeaders.Add(ApiKeys.Header, Key + "-spare");

        using var answer = await http.GetAsync(new Uri("/api/whoami", UriKind.Relative));

        Assert.Equal((HttpStatusCode.Unauthorized, false), (answer.StatusCode, host.UsesSpareKey));
    }

    [Fact]
    public async Task Start_KeysThatAreNotValid_RefusedWithoutRepeatingThem()
    {
        var refusal = await Assert.ThrowsAsync<HostRefusedException>(() => StartAsync(
            new Dictionary<string, string?> { [$"{ApiKeys.LocalSection}:alice"] = Key, [$"{ApiKeys.Section}:bob"] = Key }));

        Assert.Contains("the same key", refusal.Problem, StringComparison.Ordinal);
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
    [InlineData("http://0.0.0.0:0", null, "no key protects it")]
    [InlineData("http://0.0.0.0:0", Key, "lets anybody in")]
    [InlineData("https://127.0.0.1:0", null, "plain HTTP")]
    public async Task Start_AddressThatItMustNotListenOn_Refused(string url, string? key, string problem)
    {
        var settings = key is null ? [] : new Dictionary<string, string?> { [$"{ApiKeys.LocalSection}:0"] = key, ["CaptureFlow:Access:Anonymous"] = "reader" };

        var refusal = await Assert.ThrowsAsync<HostRefusedException>(() => StartAsync(settings, url));

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

    private Task<LocalHost> StartAsync() => StartAsync([]);

    private Task<LocalHost> StartAsync(Dictionary<string, string?> settings, string url = "http://127.0.0.1:0", string? spare = null) => LocalHost.StartAsync(
        new()
        {
            Url = new(url),
            StateFolder = _folder.FullName,
            Overrides = settings,
            SpareKey = spare,
            Logging = logging => logging.ClearProviders(),
        },
        new LocalApplication(
            [typeof(SampleHttp), typeof(SampleSteps), typeof(SampleCaller)],
            (services, configuration) => services.AddSingleton(PlatformAuthentication.Off).AddAccess(configuration).AddSingleton<Notebook>()),
        CancellationToken.None);
}
