using System.Net;
using CaptureFlow.Functions.Settings;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Notifications;

/// <summary>Everything that is wrong with the receivers, at start and at once. Neither addresses nor secrets are repeated.</summary>
internal sealed class NotificationsOptionsRules : IValidateOptions<NotificationsOptions>
{
    public static readonly IReadOnlyList<string> Outcomes = ["completed", "refused", "denied", "expired", "cancelled", "failed", "revokeUnproven", "notDiscarded"];

    private const int ShortestSecret = 20;

    public ValidateOptionsResult Validate(string? name, NotificationsOptions options)
    {
        List<string> problems = [];
        if (options.PublicUrl is { } url && !IsWeb(url))
        {
            problems.Add($"{NotificationsOptions.PublicUrlSetting} begins with https:// (http:// on loopback only), without query.");
        }

        foreach (var (receiver, settings) in options.Receivers)
        {
            Check(settings, $"{NotificationsOptions.Section}:{receiver}", problems);
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void Check(ReceiverOptions settings, string path, List<string> problems)
    {
        if (settings.Url is not { IsAbsoluteUri: true } url || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)) || url.UserInfo.Length > 0)
        {
            problems.Add($"{path}:Url begins with https:// (http:// on loopback only) and holds no password.");
        }

        if (settings.Url is { IsAbsoluteUri: true } named
            && IPAddress.TryParse(named.IdnHost, out var literal)
            && ReceiverAddresses.Refusal(literal, settings) is { } refusal)
        {
            problems.Add($"{path}:Url: {refusal}");
        }

        if (settings.Kind is not (ReceiverKinds.Webhook or ReceiverKinds.Slack or ReceiverKinds.Teams))
        {
            problems.Add($"{path}:Kind is webhook, slack or teams.");
        }

        if (settings.Kind == ReceiverKinds.Webhook
            ? settings.Secrets.Count is 0 or > 2 || settings.Secrets.Any(secret => secret.Length < ShortestSecret || KeyVaultReference.IsUnresolved(secret))
            : settings.Secrets.Count > 0)
        {
            problems.Add(
                $"{path}:Secrets has, for a webhook, one secret or two, each of at least {ShortestSecret} characters; slack and teams take none. "
                + "A Key Vault reference must have been resolved.");
        }

        foreach (var outcome in settings.Outcomes.Where(outcome => !Outcomes.Contains(outcome)))
        {
            problems.Add($"{path}:Outcomes: '{outcome}' is none of {string.Join(", ", Outcomes)}.");
        }
    }

    private static bool IsWeb(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Query.Length == 0 && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
}
