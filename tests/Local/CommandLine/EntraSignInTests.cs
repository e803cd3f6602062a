using System.Net;
using Azure.Core;
using Azure.Identity;
using CaptureFlow.Local.CommandLine;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Local.Tests.CommandLine;

/// <summary>What becomes of a token of Entra ID: whom it is sent to, and for how long.</summary>
public sealed class EntraSignInTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly Wire _wire = new();

    public void Dispose() => _wire.Dispose();

    [Theory]
    [InlineData("11111111-2222-3333-4444-555555555555", "api://11111111-2222-3333-4444-555555555555/.default")]
    [InlineData("api://captureflow/", "api://captureflow/.default")]
    public async Task Token_ForAnApp_IsAskedForByItsScope(string app, string scope)
    {
        Tokens tokens = new(_time);
        using EntraSignIn signIn = new(app, tokens, _time);

        await signIn.TokenAsync(CancellationToken.None);

        Assert.Equal([scope], tokens.Scopes);
    }

    [Fact]
    public async Task Requests_SignedIn_SendTheTokenAndNoKeyAndRenewItBeforeItEnds()
    {
        using var client = Client("https://captureflow.example");

        await client.ListAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(54));
        await client.ListAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(2));
        await client.ListAsync(CancellationToken.None);

        Assert.Equal(["Bearer token-1", "Bearer token-1", "Bearer token-2"], _wire.Sent);
        Assert.Equal(0, _wire.Keys);
    }

    [Theory]
    [InlineData("http://captureflow.example", false)]
    [InlineData("http://10.0.0.1:7071", false)]
    [InlineData("http://127.0.0.1:7071", true)]
    [InlineData("https://captureflow.example", true)]
    public async Task Requests_WithoutTls_CarryATokenOnLoopbackAlone(string server, bool sent)
    {
        using var client = Client(server);

        var answer = await client.ListAsync(CancellationToken.None);

        Assert.Equal(sent ? 1 : 0, _wire.Sent.Count);
        if (!sent)
        {
            Assert.Contains("A token is not sent to", answer.Problem!.Detail, StringComparison.Ordinal);
            Assert.DoesNotContain("token-1", answer.Problem.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Request_ToAnotherAddress_IsNotMade()
    {
        using SignedInHandler handler = new(new("app", new Tokens(_time), _time), new("https://captureflow.example"), _wire);
        using HttpMessageInvoker invoker = new(handler, disposeHandler: false);
        using HttpRequestMessage elsewhere = new(HttpMethod.Get, "https://captureflow.example.evil.example/api/captures");

        await Assert.ThrowsAsync<HttpRequestException>(() => invoker.SendAsync(elsewhere, CancellationToken.None));

        Assert.Empty(_wire.Sent);
    }

    [Fact]
    public async Task Requests_NobodyIsSignedIn_AreAProblemThatSaysHow()
    {
        using CaptureApiClient client = new(new("https://captureflow.example"), null, _wire, new("api://captureflow", new Nobody(), _time));

        var answer = await client.ListAsync(CancellationToken.None);

        Assert.Equal("Could not sign in to api://captureflow (CAPTUREFLOW_ENTRA_APP): Nobody is signed in. Try `az login`.", answer.Problem!.Detail);
    }

    private CaptureApiClient Client(string server) => new(new(server), "a-function-key", _wire, new("api://captureflow", new Tokens(_time), _time));

    /// <summary>Hands out a new token each time, good for an hour.</summary>
    private sealed class Tokens(TimeProvider time) : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return new($"token-{Scopes.Count}", time.GetUtcNow().AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }

    private sealed class Nobody : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new CredentialUnavailableException("Nobody is signed in.\n- EnvironmentCredential: nothing is set");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new CredentialUnavailableException("Nobody is signed in.\n- EnvironmentCredential: nothing is set");
    }

    private sealed class Wire : HttpMessageHandler
    {
        public List<string> Sent { get; } = [];

        public int Keys { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent.Add($"{request.Headers.Authorization}");
            Keys += request.Headers.Contains("x-functions-key") ? 1 : 0;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"items":[],"continuationToken":null}""", null, "application/json") });
        }
    }
}
