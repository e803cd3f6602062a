using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Access;

/// <summary>
/// Reads the principal that App Service authentication puts into a request: base64 of <c>{auth_typ, claims: [{typ, val}], name_typ, role_typ}</c>
/// (https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities). Pure; bounded by the server's own bound on headers.
/// </summary>
internal static class PrincipalHeader
{
    public const string Name = "X-MS-CLIENT-PRINCIPAL";

    private const string Entra = "aad";
    private const int LongestText = 200;

    // Claims have short names, or the long ones that the platform maps them to.
    private static readonly string[] ObjectIdClaims = ["http://schemas.microsoft.com/identity/claims/objectidentifier", "oid"];
    private static readonly string[] TenantClaims = ["http://schemas.microsoft.com/identity/claims/tenantid", "tid"];
    private static readonly string[] SubjectClaims = ["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier", "sub"];
    private static readonly string[] RoleClaims = ["roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"];
    private static readonly string[] NameClaims = ["preferred_username", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", "upn", "name"];
    private static readonly string[] ApplicationClaims = ["azp", "appid"];

    /// <summary>Whether there is a principal at all.</summary>
    public static bool IsIn(HttpRequest request) => request.Headers.ContainsKey(Name);

    /// <returns>Who it is, with the roles that Entra gives and nothing else; or null and what is wrong with the header.</returns>
    public static (Caller? Caller, string? Problem) Read(HttpRequest request)
    {
        if (request.Headers[Name] is not [{ Length: > 0 } encoded])
        {
            return (null, "It is empty, or there is more than one.");
        }

        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return (null, "It is not base64.");
        }

        try
        {
            using var document = JsonDocument.Parse(bytes.AsMemory(0, length), new JsonDocumentOptions { MaxDepth = 8 });
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            return (null, "It is not the JSON of a principal.");
        }
    }

    private static (Caller? Caller, string? Problem) Read(JsonElement principal)
    {
        if (principal.ValueKind != JsonValueKind.Object || !principal.TryGetProperty("claims", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return (null, "It has no claims.");
        }

        var claims = list.EnumerateArray()
            .Select(claim => (Type: Part(claim, "typ"), Value: Part(claim, "val")))
            .ToLookup(claim => claim.Type, claim => claim.Value);
        if (Text(principal, "auth_typ") is not { } provider)
        {
            return (null, "It does not say who signed the caller in.");
        }

        var subject = provider == Entra && First(claims, ObjectIdClaims) is { } person
            ? First(claims, TenantClaims) is { } tenant ? $"{tenant}/{person}" : null
            : First(claims, SubjectClaims);
        if (subject is null)
        {
            return (null, "It has no claim that names the caller for good (objectidentifier and tenantid, or nameidentifier).");
        }

        var id = $"{provider}:{subject}";
        var name = First(claims, [Text(principal, "name_typ") ?? "", .. NameClaims]) ?? (First(claims, ApplicationClaims) is { } application ? $"application {application}" : id);
        return !IsFit(id) || !IsFit(name)
            ? (null, $"The caller's name is longer than {LongestText} characters, or has control characters.")
            : (new(id, name, provider == Entra ? RolesOf(principal, claims) : CallerRoles.None), null);
    }

    // What another provider calls a role anybody may have written there.
    private static CallerRoles RolesOf(JsonElement principal, ILookup<string, string> claims) =>
        new[] { Text(principal, "role_typ") ?? "" }.Concat(RoleClaims).SelectMany(type => claims[type]).Aggregate(CallerRoles.None, (roles, value) => roles | RoleText.OfEntra(value));

    private static string? First(ILookup<string, string> claims, IEnumerable<string> types) =>
        types.SelectMany(type => claims[type]).FirstOrDefault(value => value.Length > 0);

    private static string Part(JsonElement claim, string name) =>
        claim.TryGetProperty(name, out var value) && value.GetString() is { } text ? text : throw new JsonException($"A claim has no {name}.");

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static bool IsFit(string text) => text.Length <= LongestText && !text.Any(char.IsControl);
}
