using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CaptureFlow.Functions.Api;

/// <summary>
/// <c>?async=202</c>, or <c>Prefer: respond-async</c> (RFC 7240): answer 202 as long as a capture goes on. Workflow engines (Durable
/// Functions, Logic Apps, Data Factory) follow <c>Location</c> while the answer is 202, and take the first other answer for the result
/// (Azure/azure-functions-durable-extension#1183).
/// </summary>
internal static class AsyncOption
{
    public const string Name = "async";

    private const string Accepted = "202";
    private const string Preference = "respond-async";

    /// <summary>False when not asked for; or the fault.</summary>
    public static (bool Async, CaptureFault? Fault) Read(HttpRequest request)
    {
        if (request.Query[Name].FirstOrDefault() is { } text)
        {
            return text == Accepted
                ? (true, null)
                : (false, new(FaultCodes.QueryInvalid, $"'{Echo.Of(text)}' is not a status to answer with.", "Write async=202, or leave it out.", Name));
        }

        return (IsPreferred(request), null);
    }

    /// <summary>Says that the header was heeded, which a caller can't see otherwise, and that it matters to caches.</summary>
    public static void Apply(HttpRequest request)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.Append(HeaderNames.Vary, "Prefer");
        if (IsPreferred(request))
        {
            headers["Preference-Applied"] = Preference;
        }
    }

    private static bool IsPreferred(HttpRequest request) => request.Headers["Prefer"]
        .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries))
        .Any(preference => string.Equals(preference.Split(';', 2)[0].Trim(), Preference, StringComparison.OrdinalIgnoreCase));
}
