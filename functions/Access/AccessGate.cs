using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Access;

/// <summary>
/// The one place that says who is asking and whether they may. Every HTTP function asks it first, but for those that answer everybody
/// (<c>health</c>) or know their senders themselves.
/// </summary>
public sealed class AccessGate(IOptions<AccessOptions> options, PlatformAuthentication platform)
{
    private readonly ApiKeys _keys = ApiKeys.Of(options.Value);

    /// <summary>
    /// Null when the caller has one of the roles; else the answer: 401 for a caller that can't be made out or shows neither a verified principal nor a key,
    /// 403 for one that may not.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="anyOf">The roles, one of which suffices.</param>
    /// <param name="caller">Who is asking; to be used only when nothing is returned.</param>
    internal static IResult? Refusal(HttpRequest request, CallerRoles anyOf, out Caller caller)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.HttpContext.RequestServices.GetRequiredService<AccessGate>().Check(request, anyOf, out caller);
    }

    private IResult? Check(HttpRequest request, CallerRoles anyOf, out Caller caller)
    {
        if (platform.IsOn && PrincipalHeader.IsIn(request) && !SignInPaths.AreLeftOut(request.Path))
        {
            var (principal, problem) = PrincipalHeader.Read(request);
            caller = principal ?? new("", "", CallerRoles.None);
            return principal is null ? Problems.Of(StatusCodes.Status401Unauthorized, Unreadable(problem!)) : Check(anyOf, caller = With(principal));
        }

        if (_keys.Find(request) is { } key)
        {
            return Check(anyOf, caller = ByKey(key));
        }

        caller = new(Caller.Anonymous, Caller.Anonymous, platform.IsOn ? CallerRoles.None : Read(options.Value.Anonymous));
        return caller.Roles == CallerRoles.None || (!_keys.IsEmpty && ApiKeys.IsIn(request))
            ? Problems.Of(StatusCodes.Status401Unauthorized, NotLetIn(request))
            : Check(anyOf, caller);
    }

    private static IResult? Check(CallerRoles anyOf, Caller caller) =>
        (caller.Roles & anyOf) != 0 ? null : Problems.Of(StatusCodes.Status403Forbidden, Lacks(anyOf, caller));

    private Caller With(Caller principal) => principal.Id.StartsWith("aad:", StringComparison.Ordinal)
        ? principal with { Roles = principal.Roles | Read(options.Value.Entra) }
        : principal;

    private Caller ByKey(string id) => new(id, id, Read(RolesOfKey(id) ?? options.Value.FunctionKey ?? (platform.IsOn ? "none" : "all")));

    // Configuration does not mind the case of its names.
    private string? RolesOfKey(string id) => options.Value.Keys
        .Where(key => string.Equals($"key:{key.Key}", id, StringComparison.OrdinalIgnoreCase))
        .Select(key => key.Value)
        .FirstOrDefault();

    private static CallerRoles Read(string text) => RoleText.TryRead(text) ?? CallerRoles.None;

    private CaptureFault NotLetIn(HttpRequest request) => new(
        FaultCodes.KeyMissing,
        ApiKeys.IsIn(request) ? "The key in this request is not known here." : "This address needs a key or a sign-in, and the request has neither.",
        platform.IsOn && !SignInPaths.AreLeftOut(request.Path)
            ? "Sign in, and send the token as Authorization: Bearer."
            : $"Send one of {ApiKeys.LocalSection} or {ApiKeys.Section} in the header {ApiKeys.Header} or the query parameter 'code'.");

    private static CaptureFault Unreadable(string problem) => new(
        FaultCodes.IdentityInvalid,
        $"The header {PrincipalHeader.Name} can't be read: {problem}",
        "App Service authentication writes it; sign in again. If it persists, look at the identity provider's claims mapping.");

    private static CaptureFault Lacks(CallerRoles anyOf, Caller caller) => new(
        FaultCodes.RoleMissing,
        $"{(caller.Name.Length > 0 ? caller.Name : "This caller")} has not the role {RoleText.Say(anyOf)}.",
        caller.Id switch
        {
            Caller.Anonymous => $"Have it added to {AccessOptions.Section}:Anonymous, or sign in.",
            Caller.FunctionKey => $"Have it added to {AccessOptions.Section}:FunctionKey, or sign in.",
            ['k', 'e', 'y', ':', .. var key] => $"Have it added to {AccessOptions.Section}:Keys:{key}.",
            _ => $"Have the app role CaptureFlow.Requester, CaptureFlow.Approver or CaptureFlow.Reader assigned in Entra ID, or a role added to {AccessOptions.Section}:Entra.",
        });
}
