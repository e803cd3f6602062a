using System.Text;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Alerts.Authentication;

/// <summary>What a caller presents in the Authorization header.</summary>
internal static class HttpCredentials
{
    public static string? Bearer(HttpRequest request) => Of(request, "Bearer ");

    /// <summary><c>USER:PASSWORD</c>, decoded.</summary>
    public static string? Basic(HttpRequest request)
    {
        var encoded = Of(request, "Basic ") ?? "";
        var bytes = new byte[encoded.Length];
        return encoded.Length > 0 && Convert.TryFromBase64String(encoded, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private static string? Of(HttpRequest request, string scheme) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? value[scheme.Length..].Trim() : null;
}
