using CaptureFlow.Functions.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Tests.Access;

/// <summary>
/// Who is let in, with App Service authentication before the app and without. The Functions host asks for nothing (see
/// <see cref="AccessEverywhereTests"/>), so that this is all that stands between a stranger and the cluster.
/// </summary>
public sealed class SignInTableTests
{
    private const string Runbook = "the-key-of-the-runbook-0";
    private const string Unlisted = "a-key-without-roles-0123";
    private const string Captures = "/api/captures";
    private const string Trial = "/api/alerts/alertmanager/shop/test";

    // With sign-in on, the platform writes the header of who is signed in, and strips it from what callers send, but for the addresses that it leaves out.
    [Theory]
    [InlineData(true, Captures, "alice", null, 200, "aad")]
    [InlineData(true, Captures, "alice", Runbook, 200, "aad")]
    [InlineData(true, Captures, "alice", "a-wrong-key-0123456789", 200, "aad")]
    [InlineData(true, Captures, null, Runbook, 200, "key:runbook")]
    [InlineData(true, Captures, null, Unlisted, 403, "key:unlisted")]
    [InlineData(true, Captures, null, "a-wrong-key-0123456789", 401, null)]
    [InlineData(true, Captures, null, null, 401, null)]
    [InlineData(true, Captures, "forged", null, 401, null)]
    [InlineData(true, Captures, "forged", Runbook, 401, null)]
    [InlineData(true, Trial, "alice", null, 401, null)]
    [InlineData(true, Trial, "alice", Runbook, 200, "key:runbook")]
    [InlineData(true, "/API/Alerts/alertmanager/shop/test", "alice", null, 401, null)]
    [InlineData(true, "/api/health/ready", "alice", null, 401, null)]
    [InlineData(true, "/api/alerts", "alice", null, 200, "aad")]
    [InlineData(false, Captures, "alice", null, 401, null)]
    [InlineData(false, Captures, "forged", null, 401, null)]
    [InlineData(false, Captures, "alice", Runbook, 200, "key:runbook")]
    [InlineData(false, Captures, null, Runbook, 200, "key:runbook")]
    [InlineData(false, Captures, null, Unlisted, 200, "key:unlisted")]
    [InlineData(false, Captures, null, "a-wrong-key-0123456789", 401, null)]
    [InlineData(false, Captures, null, null, 401, null)]
    [InlineData(false, Trial, null, Runbook, 200, "key:runbook")]
    public async Task Refusal_SignInAndKey_TableOfWhoIsLetIn(bool signIn, string path, string? principal, string? key, int expected, string? id)
    {
        var request = Request(signIn, path, new AccessOptions());
        if (principal is not null)
        {
            request.Headers["X-MS-CLIENT-PRINCIPAL"] = principal == "forged" ? "Zm9yZ2Vk" : Principals.Of(principal, "CaptureFlow.Requester");
        }

        if (key is not null)
        {
            request.Headers["x-functions-key"] = key;
        }

        var (status, caller) = await AskAsync(request);

        Assert.Equal(expected, status);
        if (id is not null)
        {
            Assert.Equal(id == "aad" ? $"aad:{Principals.Tenant}/id-of-alice" : id, caller.Id);
        }
    }

    [Theory]
    [InlineData(true, 401)]
    [InlineData(false, 200)]
    public async Task Refusal_AnonymousAllowed_HoldsOnlyWhereNobodySignsIn(bool signIn, int expected) =>
        Assert.Equal(expected, (await AskAsync(Request(signIn, Captures, new AccessOptions { Anonymous = "requester" }))).Status);

    private static async Task<(int Status, Caller Caller)> AskAsync(HttpRequest request)
    {
        if (AccessGate.Refusal(request, CallerRoles.Requester, out var caller) is not { } refusal)
        {
            return (200, caller);
        }

        var (response, _) = await Task.FromResult(refusal).OfAsync(request);
        return (response.StatusCode, caller);
    }

    private static HttpRequest Request(bool signIn, string path, AccessOptions options)
    {
        options.Secrets["runbook"] = Runbook;
        options.Secrets["unlisted"] = Unlisted;
        options.Keys["runbook"] = "requester";
        return new DefaultHttpContext
        {
            RequestServices = new ServiceCollection().AddLogging().AddSingleton(new AccessGate(Options.Create(options), new PlatformAuthentication(signIn))).BuildServiceProvider(),
            Request = { Path = path },
            Response = { Body = new MemoryStream() },
        }.Request;
    }
}
