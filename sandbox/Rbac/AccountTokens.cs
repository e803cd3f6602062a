using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Rbac;

/// <summary>
/// Service account tokens: signed JWTs (ES256) bound to the account's uid and, when asked, to a pod's. A token dies at its expiry and
/// with the account or the pod.
/// </summary>
internal sealed class AccountTokens(ObjectStore store, TimeProvider time, string issuer) : IDisposable
{
    /// <summary>Kubernetes' own minimum and default lifetimes.</summary>
    private const long MinimumSeconds = 600;
    private const long DefaultSeconds = 3600;
    private const long MaximumSeconds = 1L << 32;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal ApiReply Issue(string space, string name, JsonObject request)
    {
        if (store.Get(ResourceCatalogue.ServiceAccounts, space, name) is not { } account)
        {
            return ApiReply.NotFound(ResourceCatalogue.ServiceAccounts, name);
        }

        var seconds = request.Number("spec", "expirationSeconds") ?? DefaultSeconds;
        if (seconds is < MinimumSeconds or > MaximumSeconds)
        {
            var why = seconds < MinimumSeconds
                ? "may not specify a duration less than 10 minutes"
                : "may not specify a duration larger than 2^32 seconds";
            return ApiReply.Invalid(ResourceCatalogue.Authentication, "TokenRequest", "", [FieldFault.Invalid("spec.expirationSeconds", $"{seconds}", why)]);
        }

        var bound = request.At("spec", "boundObjectRef") as JsonObject;
        if (bound is not null && !BoundPodLives(space, bound.Text("kind"), bound.Text("name"), bound.Text("uid")))
        {
            return ApiReply.NotFound(ResourceCatalogue.Pods, bound.Text("name") ?? "");
        }

        var (token, expiry) = Sign(space, name, account.Read().Text("metadata", "uid") ?? "", seconds, request, bound);
        var reply = request.Copy();
        reply["kind"] = "TokenRequest";
        reply["apiVersion"] = $"{ResourceCatalogue.Authentication}/v1";
        var metadata = reply.Child("metadata");
        metadata["name"] = name;
        metadata["namespace"] = space;
        metadata["creationTimestamp"] = store.Now();
        reply.Child("spec")["expirationSeconds"] = seconds;
        reply.Child("spec")["audiences"] ??= new JsonArray(issuer);
        reply["status"] = new JsonObject { ["token"] = token, ["expirationTimestamp"] = ObjectStore.Timestamp(expiry) };
        return ApiReply.Created(reply);
    }

    /// <summary>The account of a token that is whole, in time and whose account still is the same one; otherwise null.</summary>
    internal UserInfo? Verify(string token)
    {
        if (token.Split('.') is not [var head, var body, var mark] || !SignatureHolds($"{head}.{body}", mark))
        {
            return null;
        }

        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(body));
        var details = claims.At("kubernetes.io");
        var (space, name, uid) = (details.Text("namespace"), details.Text("serviceaccount", "name"), details.Text("serviceaccount", "uid"));
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (space is null || name is null || uid is null || claims.Number("exp") is not { } expiry || expiry <= now)
        {
            return null;
        }

        if (store.Get(ResourceCatalogue.ServiceAccounts, space, name)?.Read().Text("metadata", "uid") != uid)
        {
            return null;
        }

        return details.At("pod") is null || BoundPodLives(space, "Pod", details.Text("pod", "name"), details.Text("pod", "uid"))
            ? UserInfo.ServiceAccount(space, name, uid)
            : null;
    }

    public void Dispose() => _key.Dispose();

    private (string Token, DateTimeOffset Expiry) Sign(string space, string name, string uid, long seconds, JsonObject request, JsonObject? bound)
    {
        var now = time.GetUtcNow();
        var details = new JsonObject
        {
            ["namespace"] = space,
            ["serviceaccount"] = new JsonObject { ["name"] = name, ["uid"] = uid },
        };
        if (bound is not null)
        {
            var pod = store.Get(ResourceCatalogue.Pods, space, bound.Text("name")!)!.Read();
            details["pod"] = new JsonObject { ["name"] = bound.Text("name"), ["uid"] = pod.Text("metadata", "uid") };
        }

        var audiences = request.Texts("spec", "audiences");
        var claims = new JsonObject
        {
            ["aud"] = (audiences.Length == 0 ? [issuer] : audiences).Select(audience => (JsonNode?)audience).ToJsonArray(),
            ["exp"] = now.ToUnixTimeSeconds() + seconds,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["iss"] = issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            ["kubernetes.io"] = details,
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["sub"] = $"system:serviceaccount:{space}:{name}",
        };
        var signed = $"{Base64Url.EncodeToString("""{"alg":"ES256","kid":"sandbox"}"""u8)}.{Base64Url.EncodeToString(claims.ToBytes())}";
        var mark = _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return ($"{signed}.{Base64Url.EncodeToString(mark)}", now.AddSeconds(seconds));
    }

    private bool SignatureHolds(string signed, string mark)
    {
        try
        {
            return _key.VerifyData(Encoding.ASCII.GetBytes(signed), Base64Url.DecodeFromChars(mark), HashAlgorithmName.SHA256);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private bool BoundPodLives(string space, string? kind, string? name, string? uid) =>
        kind == "Pod" && name is not null
        && store.Get(ResourceCatalogue.Pods, space, name) is { } pod
        && (uid is null || pod.Read().Text("metadata", "uid") == uid);
}
