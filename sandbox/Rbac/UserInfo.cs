namespace CaptureFlow.Sandbox.Rbac;

/// <summary>Who asks, as authentication found it.</summary>
internal sealed record UserInfo(string Name, string Uid, IReadOnlyList<string> Groups)
{
    internal const string Masters = "system:masters";
    internal const string Authenticated = "system:authenticated";
    private const string AccountPrefix = "system:serviceaccount:";

    internal bool IsMaster => Groups.Contains(Masters);

    internal static UserInfo Person(string name, params string[] groups) => new(name, "", [.. groups, Authenticated]);

    internal static UserInfo ServiceAccount(string space, string name, string uid) => new(
        $"{AccountPrefix}{space}:{name}", uid, ["system:serviceaccounts", $"system:serviceaccounts:{space}", Authenticated]);

    /// <summary>The namespace and name of a service account's user name; null for any other name.</summary>
    internal static (string Namespace, string Name)? AccountOf(string user) =>
        user.StartsWith(AccountPrefix, StringComparison.Ordinal) && user[AccountPrefix.Length..].Split(':') is [var space, var name]
            ? (space, name)
            : null;

    internal string GroupsText => $"[{string.Join(' ', Groups.Select(group => $"\"{group}\""))}]";
}
