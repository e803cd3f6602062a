using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace CaptureFlow.Functions.Access;

/// <summary>
/// The keys of the configuration. The app checks them itself, on every host: App Service authentication and the keys of the Functions host exclude each
/// other (azure-functions-host#11394), so that to the Functions host every route is anonymous.
/// </summary>
public sealed class ApiKeys
{
    /// <summary>The header that a key comes in; the query parameter is <c>code</c>.</summary>
    public const string Header = "x-functions-key";

    /// <summary>The keys of the local host, in its settings file or in a plain list.</summary>
    public const string LocalSection = "CaptureFlow:Local:Keys";

    /// <summary>The keys of any host.</summary>
    public const string Section = $"{AccessOptions.Section}:{nameof(AccessOptions.Secrets)}";

    private readonly IReadOnlyList<ApiKey> _keys;

    private ApiKeys(IReadOnlyList<ApiKey> keys) => _keys = keys;

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _keys.Count == 0;

    /// <summary>Whether the configuration has any.</summary>
    public static bool AreIn(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.GetSection(LocalSection).GetChildren().Any() || configuration.GetSection(Section).GetChildren().Any();
    }

    /// <summary>Those that are valid; <see cref="AccessOptionsRules"/> has stopped the start where others are.</summary>
    public static ApiKeys Of(AccessOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new([.. ReadAll(options).Select(read => read.Key).OfType<ApiKey>()]);
    }

    /// <summary>The caller's id by the key that a request comes with; null when it has none that is known.</summary>
    public string? Find(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Presented(request).Select(Find).FirstOrDefault(found => found is not null)?.CallerId;
    }

    /// <summary>Whether a request comes with a key, known or not.</summary>
    internal static bool IsIn(HttpRequest request) => Presented(request).Any();

    internal static IEnumerable<(ApiKey? Key, string? Problem)> ReadAll(AccessOptions options) =>
        options.LocalKeys.Select(entry => ApiKey.Read(LocalSection, entry.Key, entry.Value))
            .Concat(options.Secrets.Select(entry => ApiKey.Read(Section, entry.Key, entry.Value)));

    private static IEnumerable<string> Presented(HttpRequest request) => request.Headers[Header].Concat(request.Query["code"]).OfType<string>();

    private ApiKey? Find(string presented)
    {
        var hash = ApiKey.HashFrom(presented);
        ApiKey? found = null;
        foreach (var key in _keys)
        {
            // No early exit: the time says nothing about which key, or how much of it, was right.
            found = CryptographicOperations.FixedTimeEquals(key.Hash, hash) ? key : found;
        }

        return found;
    }
}
