namespace CaptureFlow.Functions.Access;

/// <summary>
/// Which roles callers have. A value lists roles with commas (<c>requester, reader</c>), or says <c>all</c> or <c>none</c>.
/// </summary>
public sealed class AccessOptions
{
    public const string Section = "CaptureFlow:Access";

    /// <summary>Callers without a key that somebody has checked, on a host that asks for none.</summary>
    /// <value>
    /// none: <c>func start</c> listens on every interface and checks no key. The local host says all, since without keys it listens on loopback only.
    /// </value>
    public string Anonymous { get; set; } = "none";

    /// <summary>Callers with a function key.</summary>
    /// <value>all; where App Service authentication is on, none: a key would be a way around it.</value>
    public string? FunctionKey { get; set; }

    /// <summary>Callers with a named key of the local host, by its name; one that is not listed has the roles of <see cref="FunctionKey"/>.</summary>
    /// <value>Empty.</value>
    public IDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary>Everybody who is signed in through Entra ID, beside the roles that Entra gives them.</summary>
    /// <value>none.</value>
    public string Entra { get; set; } = "none";
}
