using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Local.Tests.CommandLine;

/// <summary>The program itself, as another process: what it lets in by default, and how its commands find the way.</summary>
public sealed class ServeCommandTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-serve-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Serve_WithoutKeys_MakesOneThatItsUsersCommandsFindAndNobodyElse()
    {
        using var serve = Start("serve", "--url", "http://127.0.0.1:0", "--state", Path.Combine(_folder.FullName, "serve"));
        try
        {
            var url = await UrlAsync(serve);
            var said = await LineAsync(serve, "Its key, for this run: ");
            var file = said.Split("Its key, for this run: ")[1].Split(". Your")[0];
            var key = (await File.ReadAllTextAsync(file)).Trim();

            using HttpClient stranger = new(new SocketsHttpHandler { UseProxy = false });
            using var refused = await stranger.GetAsync(new Uri(url, "/api/captures"));
            stranger.DefaultRequestHeaders.Add("x-functions-key", key);
            using var letIn = await stranger.GetAsync(new Uri(url, "/api/captures"));
            using var list = Start("list", "--json", "--server", url.GetLeftPart(UriPartial.Authority));
            var listed = await list.StandardOutput.ReadToEndAsync();
            await EndedAsync(list);

            Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (refused.StatusCode, letIn.StatusCode));
            Assert.Equal((0, 0), (list.ExitCode, JsonDocument.Parse(listed).RootElement.GetProperty("items").GetArrayLength()));
            Assert.DoesNotContain(key, said + listed, StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }

            using var end = Process.Start("kill", ["-TERM", $"{serve.Id}"]);
            await EndedAsync(serve);
            Assert.False(File.Exists(file));
        }
        finally
        {
            serve.Kill();
        }
    }

    [Fact]
    public async Task Serve_Anonymous_IsOnlyWhereAskedForAndNeverBeyondLoopback()
    {
        using var refused = Start("serve", "--anonymous", "--url", "http://0.0.0.0:0", "--state", Path.Combine(_folder.FullName, "serve"));
        var words = await refused.StandardError.ReadToEndAsync();
        await EndedAsync(refused);

        Assert.Equal(6, refused.ExitCode);
        Assert.Contains("no key protects it", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_SignedInByTheMachinesIdentity_SendsTheTokenAndPrintsNothingOfIt()
    {
        const string token = "the-token-of-the-machine";
        List<string> asked = [], sent = [];
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var cloud = builder.Build();
        cloud.Run(http => http.Request.Path == "/token" ? AnswerAsync(asked, $"{http.Request.Query["resource"]} {http.Request.Headers["X-IDENTITY-HEADER"]}", http,
                $$"""{"access_token":"{{token}}","expires_on":"{{TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds()}}","resource":"api://captureflow","token_type":"Bearer"}""")
            : AnswerAsync(sent, $"{http.Request.Path} {http.Request.Headers.Authorization}", http, """{"items":[],"continuationToken":null}"""));
        await cloud.StartAsync();
        var url = new Uri(cloud.Urls.First());

        using var list = StartWith(
            new() { ["CAPTUREFLOW_ENTRA_APP"] = "api://captureflow", ["IDENTITY_ENDPOINT"] = $"{url}token", ["IDENTITY_HEADER"] = "known", ["AZURE_TOKEN_CREDENTIALS"] = "ManagedIdentityCredential" },
            "list", "--server", url.GetLeftPart(UriPartial.Authority));
        var said = await list.StandardOutput.ReadToEndAsync() + await list.StandardError.ReadToEndAsync();
        await EndedAsync(list);

        Assert.True(list.ExitCode == 0, said);
        Assert.Equal("api://captureflow known", Assert.Single(asked));
        Assert.Equal($"/api/captures Bearer {token}", Assert.Single(sent));
        Assert.DoesNotContain(token, said, StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(List<string> seen, string request, HttpContext http, string body)
    {
        lock (seen)
        {
            seen.Add(request);
        }

        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body);
    }

    private static async Task<Uri> UrlAsync(Process serve) =>
        new((await LineAsync(serve, "listens on ")).Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal)));

    private static async Task<string> LineAsync(Process process, string text)
    {
        using CancellationTokenSource patience = new(Patience);
        List<string> seen = [];
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            seen.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"It ended without '{text}': {string.Join('\n', seen)} {await process.StandardError.ReadToEndAsync(patience.Token)}");
    }

    private static async Task EndedAsync(Process process)
    {
        using CancellationTokenSource patience = new(Patience);
        await process.WaitForExitAsync(patience.Token);
    }

    private Process Start(params string[] arguments) => StartWith([], arguments);

    private Process StartWith(Dictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "captureflow-local.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("CAPTUREFLOW_", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        var kubeconfig = Path.Combine(_folder.FullName, "kubeconfig");
        File.WriteAllText(
            kubeconfig,
            """
            {"apiVersion":"v1","kind":"Config","current-context":"c","contexts":[{"name":"c","context":{"cluster":"c","user":"u"}}],
             "clusters":[{"name":"c","cluster":{"server":"https://127.0.0.1:1"}}],"users":[{"name":"u","user":{"token":"t"}}]}
            """);
        start.Environment["KUBECONFIG"] = kubeconfig;
        start.Environment["XDG_STATE_HOME"] = Path.Combine(_folder.FullName, "home");
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(_folder.FullName, "config");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
