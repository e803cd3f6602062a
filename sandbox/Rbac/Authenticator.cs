using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sandbox.Rbac;

/// <summary>Finds out who asks: a client certificate of this cluster's authority, a fixed token, or a service account's token.</summary>
internal sealed class Authenticator(ClusterAuthority authority, AccountTokens accounts)
{
    private readonly Dictionary<string, UserInfo> _fixedTokens = [];

    internal void AddToken(string token, UserInfo user) => _fixedTokens[token] = user;

    internal UserInfo? Identify(HttpContext context)
    {
        if (context.Connection.ClientCertificate is { } certificate && authority.Issued(certificate))
        {
            return UserInfo.Person(
                certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), [.. OrganizationsOf(certificate)]);
        }

        const string scheme = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var token = header[scheme.Length..].Trim();
        return _fixedTokens.GetValueOrDefault(token) ?? accounts.Verify(token);
    }

    private static IEnumerable<string> OrganizationsOf(X509Certificate2 certificate)
    {
        const string organization = "2.5.4.10";
        return certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == organization)
            .Select(part => part.GetSingleElementValue() ?? "");
    }
}
