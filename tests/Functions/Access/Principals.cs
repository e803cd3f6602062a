using System.Text;
using System.Text.Json;

namespace CaptureFlow.Functions.Tests.Access;

/// <summary>Principal headers as App Service authentication writes them.</summary>
internal static class Principals
{
    public const string Tenant = "11111111-2222-3333-4444-555555555555";

    public static string Of(string person, params IEnumerable<string> roles) => Encode(new
    {
        auth_typ = "aad",
        name_typ = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
        role_typ = "roles",
        claims = new[]
        {
            new { typ = "http://schemas.microsoft.com/identity/claims/objectidentifier", val = $"id-of-{person}" },
            new { typ = "http://schemas.microsoft.com/identity/claims/tenantid", val = Tenant },
            new { typ = "preferred_username", val = $"{person}@example.com" },
        }.Concat(roles.Select(role => new { typ = "roles", val = role })),
    });

    public static string Encode(object principal) => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(principal)));
}
