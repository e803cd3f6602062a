using CaptureFlow.Functions.Settings;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Notifications;

/// <summary>Everything that is wrong with the callbacks' options, at once. No secret is repeated.</summary>
internal sealed class CallbackOptionsRules : IValidateOptions<CallbackOptions>
{
    private const int ShortestSecret = 20;

    public ValidateOptionsResult Validate(string? name, CallbackOptions options)
    {
        List<string> problems =
        [
            .. options.Hosts.Where(host => !IsHost(host)).Select(host =>
                $"{CallbackOptions.Section}:{nameof(options.Hosts)}: '{host}' is not a host like engine.example.com, engine.example.com:8443 or *.logic.azure.com."),
        ];
        if (options.Hosts.Count > 0
            && (options.Secrets.Count is 0 or > 2 || options.Secrets.Any(secret => secret.Length < ShortestSecret || KeyVaultReference.IsUnresolved(secret))))
        {
            problems.Add(
                $"{CallbackOptions.Section}:{nameof(options.Secrets)} has one secret or two, each of at least {ShortestSecret} characters. A Key Vault reference must have been resolved.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    // A star stands for what is below a name of at least two parts: *.com would be nearly everybody.
    private static bool IsHost(string host)
    {
        var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
        return !name.Contains('*', StringComparison.Ordinal)
            && (name.Length == host.Length || name.Contains('.', StringComparison.Ordinal))
            && Uri.TryCreate($"https://{name}/", UriKind.Absolute, out var url) && url.Authority.Equals(name, StringComparison.OrdinalIgnoreCase);
    }
}
