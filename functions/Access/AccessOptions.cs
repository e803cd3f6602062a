namespace CaptureFlow.Functions.Access;

/// <summary>
/// Which roles callers have. A value lists roles with commas (<c>requester, reader</c>), or says <c>all</c> or <c>none</c>.
/// </summary>
public sealed class AccessOptions
{
    public const string Section = "CaptureFlow:Access";

    /// <summary>Callers that show neither a verified principal nor a key. Nobody's where App Service authentication is on.</summary>
    /// <value>
    /// none: an app on Azure, and <c>func start</c>, can be reached by others. The local host says all where it has no key, since it then listens on loopback only.
    /// </value>
    public string Anonymous { get; set; } = "none";

    /// <summary>Callers with a key that has no roles of its own.</summary>
    /// <value>all; where App Service authentication is on, none: a key would be a way around it.</value>
    public string? FunctionKey { get; set; }

    /// <summary>Callers with a named key, by its name; one that is not listed has the roles of <see cref="FunctionKey"/>.</summary>
    /// <value>Empty.</value>
    public IDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The keys themselves, by name: at least 20 random characters, or <c>sha256:</c> and the SHA-256 of such a key in hexadecimal. On Azure best a reference
    /// to a Key Vault. Numbers for names are keys without one.
    /// </summary>
    /// <value>Empty: no key lets anybody in.</value>
    public IDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>Everybody who is signed in through Entra ID, beside the roles that Entra gives them.</summary>
    /// <value>none.</value>
    public string Entra { get; set; } = "none";

    /// <summary>The keys of <see cref="ApiKeys.LocalSection"/>.</summary>
    internal Dictionary<string, string> LocalKeys { get; init; } = [];
}
