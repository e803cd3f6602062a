using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;
using CaptureFlow.Sandbox.Rbac;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Sandbox.Tests;

public sealed class AccountTokenTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ObjectStore _store;
    private readonly AccountTokens _tokens;

    public AccountTokenTests()
    {
        _store = new ObjectStore(_time);
        _tokens = new AccountTokens(_store, _time, "https://issuer");
        _store.CreateIfAbsent(ResourceCatalogue.ServiceAccounts, "shop", "tap", []);
    }

    public void Dispose() => _tokens.Dispose();

    [Fact]
    public void Verify_FreshToken_IsTheAccount()
    {
        var user = _tokens.Verify(Issue(600));

        Assert.Equal("system:serviceaccount:shop:tap", user?.Name);
        Assert.Contains("system:serviceaccounts:shop", user!.Groups);
    }

    [Fact]
    public void Verify_AfterExpiry_IsRefused()
    {
        var token = Issue(600);

        _time.Advance(TimeSpan.FromSeconds(599));
        var inTime = _tokens.Verify(token);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull(inTime);
        Assert.Null(_tokens.Verify(token));
    }

    [Fact]
    public void Verify_AccountMadeAnew_IsRefused()
    {
        var token = Issue(600);

        _store.TryRemove(ResourceCatalogue.ServiceAccounts, "shop", "tap");
        var deleted = _tokens.Verify(token);
        _store.CreateIfAbsent(ResourceCatalogue.ServiceAccounts, "shop", "tap", []);

        Assert.Null(deleted);
        Assert.Null(_tokens.Verify(token));
    }

    [Fact]
    public void Verify_BoundPodGone_IsRefused()
    {
        _store.CreateIfAbsent(ResourceCatalogue.Pods, "shop", "web", []);
        var token = Issue(600, new JsonObject { ["kind"] = "Pod", ["name"] = "web" });
        var before = _tokens.Verify(token);

        _store.TryRemove(ResourceCatalogue.Pods, "shop", "web");

        Assert.NotNull(before);
        Assert.Null(_tokens.Verify(token));
    }

    [Fact]
    public void Verify_ChangedToken_IsRefused()
    {
        var token = Issue(600);
        var parts = token.Split('.');

        var forged = $"{parts[0]}.{parts[1][..^4]}AAAA.{parts[2]}";

        Assert.Null(_tokens.Verify(forged));
        Assert.Null(_tokens.Verify("no token at all"));
        Assert.Null(_tokens.Verify("a.b.!"));
    }

    [Fact]
    public void Issue_LessThanTenMinutes_IsInvalid()
    {
        var reply = _tokens.Issue("shop", "tap", new JsonObject { ["spec"] = new JsonObject { ["expirationSeconds"] = 599 } });

        Assert.Equal(422, reply.Code);
        Assert.Equal(
            "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes",
            reply.Body.Text("message"));
    }

    private string Issue(long seconds, JsonObject? bound = null)
    {
        var spec = new JsonObject { ["expirationSeconds"] = seconds };
        if (bound is not null)
        {
            spec["boundObjectRef"] = bound;
        }

        return _tokens.Issue("shop", "tap", new JsonObject { ["spec"] = spec }).Body.Text("status", "token")!;
    }
}
