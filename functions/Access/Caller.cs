namespace CaptureFlow.Functions.Access;

/// <summary>Who is asking.</summary>
/// <param name="Id">Stable: the same person or program has it tomorrow, too. <c>anonymous</c> and <c>function-key</c> are shared by many.</param>
/// <param name="Name">As people write it; may change hands.</param>
/// <param name="Roles">What it may do.</param>
public sealed record Caller(string Id, string Name, CallerRoles Roles)
{
    /// <summary>Let in without a key or a sign-in: only where the configuration says so, and on the local host on loopback when it is told to.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>Let in by a key that has no name.</summary>
    public const string FunctionKey = "function-key";
}
