using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Core;
using CaptureFlow.Sites.Kubernetes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Sites.Tests.Clusters;

public sealed class TokenSourceTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Entra_Fetch_AsksForTheAksServerApplication()
    {
        var credential = new FixedCredential(new("entra-token", Noon.AddHours(24), Noon.AddHours(12)));

        var token = await new EntraTokens("test", credential).FetchAsync(CancellationToken.None);

        Assert.Equal(["6dae42f8-4368-4678-94ff-3960e28e3630/.default"], credential.Scopes);
        Assert.Equal(("entra-token", Noon.AddHours(12), Noon.AddHours(24)), (token.Value, token.RenewAt, token.ExpiresAt));
    }

    [Fact]
    public async Task Entra_FetchWithoutRenewalTime_RenewsBeforeTheEnd()
    {
        var token = await new EntraTokens("test", new FixedCredential(new("entra-token", Noon))).FetchAsync(CancellationToken.None);

        Assert.Equal(Noon.AddMinutes(-5), token.RenewAt);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("managedIdentity", "00000000-0000-0000-0000-000000000001")]
    [InlineData("workloadIdentity", null)]
    [InlineData("workloadIdentity", "00000000-0000-0000-0000-000000000001")]
    [InlineData("default", null)]
    public void Entra_EveryCredential_CanBeMade(string? credential, string? clientId)
    {
        var tokens = EntraTokens.Of(new ClusterEntry { Kind = "aks", Credential = credential, ClientId = clientId });

        Assert.Contains(credential is null ? "managedIdentity" : credential, tokens.Name, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Google_ServiceAccountFile_ExchangesAScopedAssertionForAToken()
    {
        using var folder = new TempFolder();
        string? assertion = null;
        await using var endpoint = await TokenEndpointAsync(async context =>
        {
            assertion = (await context.Request.ReadFormAsync())["assertion"];
            await context.Response.WriteAsJsonAsync(new { access_token = "google-token", expires_in = 3600, token_type = "Bearer" });
        });
        var time = new FakeTimeProvider(Noon);
        var file = folder.Write("key.json", KeyFile(endpoint.Urls.First()));

        var token = await GoogleTokens.Of(new() { Kind = "gke", Credential = "serviceAccount", CredentialFile = file }, time).FetchAsync(CancellationToken.None);

        Assert.Equal(("google-token", Noon.AddMinutes(1)), (token.Value, token.RenewAt));
        Assert.Equal("https://www.googleapis.com/auth/cloud-platform", Claim(assertion!, "scope"));
    }

    [Fact]
    public async Task Google_FileOfAnotherKind_IsNotUsed()
    {
        using var folder = new TempFolder();
        var file = folder.Write("key.json", KeyFile("https://127.0.0.1:1"));
        var tokens = GoogleTokens.Of(new() { Kind = "gke", Credential = "workloadIdentity", CredentialFile = file }, TimeProvider.System);

        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => tokens.FetchAsync(CancellationToken.None));
    }

    private static async Task<WebApplication> TokenEndpointAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    private static string KeyFile(string tokenUri)
    {
        using var key = RSA.Create(2048);
        return JsonSerializer.Serialize(new
        {
            type = "service_account",
            project_id = "p",
            private_key_id = "k",
            private_key = key.ExportPkcs8PrivateKeyPem(),
            client_email = "captureflow@p.iam.example",
            client_id = "1",
            token_uri = tokenUri,
        });
    }

    private static string? Claim(string jwt, string name)
    {
        var body = jwt.Split('.')[1].Replace('-', '+').Replace('_', '/');
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(body.PadRight((body.Length + 3) / 4 * 4, '='))));
        return json.RootElement.GetProperty(name).GetString();
    }

    private sealed class FixedCredential(Azure.Core.AccessToken token) : TokenCredential
    {
        public IReadOnlyList<string> Scopes { get; private set; } = [];

        public override Azure.Core.AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override ValueTask<Azure.Core.AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes = requestContext.Scopes;
            return ValueTask.FromResult(token);
        }
    }
}
