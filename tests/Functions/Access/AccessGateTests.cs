using System.Security.Cryptography;
using System.Text;
using CaptureFlow.Functions.Access;
using CaptureFlow.Orchestrations;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Tests.Access;

public sealed class AccessGateTests
{
    private const string Header = "X-MS-CLIENT-PRINCIPAL";

    [Fact]
    public async Task Refusal_LoopbackWithoutKeys_EverybodyMayEverything()
    {
        var (caller, status, _) = await AskAsync(CallerRoles.Approver, new AccessOptions { Anonymous = "all" }, PlatformAuthentication.Off);

        Assert.Equal((200, "anonymous", CallerRoles.Any), (status, caller.Id, caller.Roles));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("x-functions-key")]
    [InlineData(Header)]
    public async Task Refusal_NoKeyAndNoSignInConfigured_NobodyMayAnythingWhateverTheySend(string? header)
    {
        var (_, status, body) = await AskAsync(CallerRoles.Any, new AccessOptions(), PlatformAuthentication.Off, request =>
        {
            if (header is not null)
            {
                request.Headers[header] = Principals.Of("mallory", "CaptureFlow.Approver");
            }
        });

        Assert.Equal(401, status);
        Assert.Contains(FaultCodes.KeyMissing, body, StringComparison.Ordinal);
        Assert.DoesNotContain("mallory", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WEBSITE_AUTH_ENABLED", "True", true)]
    [InlineData("WEBSITE_AUTH_ENABLED", "", false)]
    [InlineData("FUNCTIONS_CORETOOLS_ENVIRONMENT", "true", false)]
    public void Platform_OfTheEnvironment_IsBelievedInWhatItMakesSureOf(string variable, string value, bool isOn) =>
        Assert.Equal(new(isOn), PlatformAuthentication.Of(name => name == variable ? value : null));

    [Theory]
    [InlineData("x-functions-key")]
    [InlineData("code")]
    public async Task Refusal_KeyOfAPlainList_IsAFunctionKey(string where)
    {
        AccessOptions options = new() { LocalKeys = { ["0"] = KeyOf("0") } };

        var (caller, status, _) = await AskAsync(CallerRoles.Requester, options, PlatformAuthentication.Off, request =>
        {
            if (where == "code")
            {
                request.QueryString = new($"?code={KeyOf("0")}");
            }
            else
            {
                request.Headers[where] = KeyOf("0");
            }
        });

        Assert.Equal((200, "function-key"), (status, caller.Id));
    }

    [Theory]
    [InlineData("x-functions-key", "k")]
    [InlineData(Header, "claimed")]
    public async Task Refusal_NothingBeforeTheApp_HeaderIsNobody(string header, string value)
    {
        var (caller, status, _) = await AskAsync(
            CallerRoles.Reader, new AccessOptions { Anonymous = "all" }, PlatformAuthentication.Off, request => request.Headers[header] = value == "claimed" ? Principals.Of("mallory", "CaptureFlow.Approver") : value);

        Assert.Equal((200, "anonymous"), (status, caller.Id));
    }

    [Theory]
    [InlineData("alice", CallerRoles.Requester, 200)]
    [InlineData("alice", CallerRoles.Approver, 403)]
    [InlineData("bob", CallerRoles.Approver, 200)]
    [InlineData("bob", CallerRoles.Requester, 403)]
    [InlineData("carol", CallerRoles.Reader, 403)]
    [InlineData("unlisted", CallerRoles.Reader, 200)]
    [InlineData(null, CallerRoles.Requester, 403)]
    public async Task Refusal_NamedKeys_HaveTheRolesOfTheirNames(string? key, CallerRoles needed, int expected)
    {
        AccessOptions options = new() { FunctionKey = "reader" };
        options.Keys["alice"] = "requester, reader";
        options.Keys["bob"] = "approver";
        options.Keys["carol"] = "none";
        foreach (var name in (string[])["Alice", "bob", "carol", "unlisted", "0"])
        {
            // Half of them as hashes, as a configuration that others may read has them.
            options.Secrets[name] = name.Length % 2 == 0 ? KeyOf(name) : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(KeyOf(name))))}";
        }

        var (caller, status, body) = await AskAsync(needed, options, PlatformAuthentication.Off, request => request.Headers["x-functions-key"] = KeyOf(key ?? "0"));

        Assert.Equal(expected, status);
        if (status == 403)
        {
            Assert.Contains(FaultCodes.RoleMissing, body, StringComparison.Ordinal);
            Assert.Contains(needed.ToString(), body, StringComparison.OrdinalIgnoreCase);
        }
        else
        {
            Assert.Equal($"key:{key}", caller.Id);
        }
    }

    [Theory]
    [InlineData(CallerRoles.Requester, 200)]
    [InlineData(CallerRoles.Approver, 403)]
    public async Task Refusal_SignedInThroughEntra_RolesAreThoseOfTheClaims(CallerRoles needed, int expected)
    {
        var (caller, status, _) = await SignedInAsync(needed, Principals.Of("alice", "CaptureFlow.Requester", "Other.Approver", "captureflow.approver"));

        Assert.Equal(expected, status);
        Assert.Equal(($"aad:{Principals.Tenant}/id-of-alice", "alice@example.com"), (caller.Id, caller.Name));
    }

    [Fact]
    public async Task Refusal_AnotherProvidersRoles_AreNotBelieved()
    {
        var principal = Principals.Encode(new { auth_typ = "github", role_typ = "roles", claims = new[] { new { typ = "sub", val = "42" }, new { typ = "roles", val = "CaptureFlow.Approver" } } });

        var (caller, status, _) = await SignedInAsync(CallerRoles.Any, principal, new AccessOptions { Entra = "all" });

        Assert.Equal((403, "github:42"), (status, caller.Id));
    }

    [Fact]
    public async Task Refusal_EntraOption_IsForEverybodySignedIn()
    {
        var (_, status, _) = await SignedInAsync(CallerRoles.Reader, Principals.Of("dave"), new AccessOptions { Entra = "reader" });

        Assert.Equal(200, status);
    }

    public static TheoryData<string> Malformed =>
    [
        "", "%%%", "bm8ganNvbg==", Principals.Encode(new { }), Principals.Encode(new { claims = 1 }), Principals.Encode(new { claims = (List<int>)[1] }),
        Principals.Encode(new { auth_typ = "aad", claims = Array.Empty<object>() }),
        Principals.Encode(new { claims = new[] { new { typ = "sub", val = "x" } } }),
        Principals.Encode(new { auth_typ = "aad", claims = new[] { new { typ = "oid", val = "x" } } }),
        Principals.Encode(new { auth_typ = "aad", claims = new[] { new { typ = "sub" } } }),
        Principals.Encode(new { auth_typ = "aad", claims = new[] { new { typ = "sub", val = "a\nb" } } }),
        Principals.Encode(new { auth_typ = "aad", claims = new[] { new { typ = "sub", val = new string('a', 300) } } }),
        Convert.ToBase64String([0x7b, 0x22, 0xff, 0xfe]), Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('[', 5_000))),
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Refusal_MalformedPrincipal_UnauthorizedAndNeverAnonymous(string header)
    {
        var (_, status, body) = await SignedInAsync(CallerRoles.Any, header, new AccessOptions { Anonymous = "all", FunctionKey = "all", Entra = "all" });

        Assert.Equal(401, status);
        Assert.Contains(FaultCodes.IdentityInvalid, body, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_AnyHeader_IsAnAnswerAndNotAnException() => Gen.String[Gen.Char, 0, 200].Sample(text =>
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        var request = Request(new AccessOptions { Entra = "all" }, new PlatformAuthentication(true));
        request.Headers[Header] = encoded;

        Assert.NotNull(AccessGate.Refusal(request, CallerRoles.Any, out _));
    }, iter: 2_000);

    [Theory]
    [InlineData("requester", true)]
    [InlineData("Requester , READER", true)]
    [InlineData("all", true)]
    [InlineData("none", true)]
    [InlineData("", false)]
    [InlineData("admin", false)]
    [InlineData("requester;reader", false)]
    [InlineData("7", false)]
    public void Options_Text_MustNameRoles(string text, bool valid)
    {
        AccessOptions options = new();
        options.Keys["alice"] = text;

        var result = new AccessOptionsRules().Validate(null, options);

        Assert.Equal(valid, result.Succeeded);
        Assert.Equal(valid, result.FailureMessage is null || !result.FailureMessage.Contains("Keys:alice", StringComparison.Ordinal));
    }

    private static Task<(Caller Caller, int Status, string Body)> SignedInAsync(CallerRoles needed, string principal, AccessOptions? options = null) =>
        AskAsync(needed, options ?? new AccessOptions(), new PlatformAuthentication(true), request => request.Headers[Header] = principal);

    private static async Task<(Caller Caller, int Status, string Body)> AskAsync(
        CallerRoles needed, AccessOptions options, PlatformAuthentication platform, Action<HttpRequest>? with = null)
    {
        var request = Request(options, platform);
        with?.Invoke(request);
        if (AccessGate.Refusal(request, needed, out var caller) is not { } refusal)
        {
            return (caller, 200, "");
        }

        var (response, body) = await Task.FromResult(refusal).OfAsync(request);
        return (caller, response.StatusCode, $"{body}");
    }

    private static string KeyOf(string name) => $"a-key-of-{name.ToLowerInvariant()}-0123456789";

    private static HttpRequest Request(AccessOptions options, PlatformAuthentication platform) => new DefaultHttpContext
    {
        RequestServices = new ServiceCollection().AddLogging().AddSingleton(new AccessGate(Options.Create(options), platform)).BuildServiceProvider(),
        Response = { Body = new MemoryStream() },
    }.Request;
}
