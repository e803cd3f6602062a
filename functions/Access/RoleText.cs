namespace CaptureFlow.Functions.Access;

/// <summary>Roles as people write them.</summary>
internal static class RoleText
{
    /// <summary>Of an app role of Entra, e.g. <c>CaptureFlow.Requester</c>.</summary>
    private const string EntraPrefix = "CaptureFlow.";

    /// <returns>Null when the text names something else.</returns>
    public static CallerRoles? TryRead(string text)
    {
        var roles = CallerRoles.None;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (TryReadOne(part) is not { } role)
            {
                return null;
            }

            roles |= role;
        }

        return roles;
    }

    /// <summary>The role that a value of Entra's <c>roles</c> claim stands for; none for another application's.</summary>
    public static CallerRoles OfEntra(string value) => value switch
    {
        EntraPrefix + nameof(CallerRoles.Requester) => CallerRoles.Requester,
        EntraPrefix + nameof(CallerRoles.Approver) => CallerRoles.Approver,
        EntraPrefix + nameof(CallerRoles.Reader) => CallerRoles.Reader,
        _ => CallerRoles.None,
    };

    /// <summary>E.g. <c>requester or reader</c>.</summary>
    public static string Say(CallerRoles anyOf) => string.Join(
        " or ",
        new[] { CallerRoles.Requester, CallerRoles.Approver, CallerRoles.Reader }
            .Where(role => anyOf.HasFlag(role))
            .Select(role => role.ToString().ToLowerInvariant()));

    private static CallerRoles? TryReadOne(string text) => text.ToLowerInvariant() switch
    {
        "requester" => CallerRoles.Requester,
        "approver" => CallerRoles.Approver,
        "reader" => CallerRoles.Reader,
        "all" => CallerRoles.Any,
        "none" => CallerRoles.None,
        _ => null,
    };
}
