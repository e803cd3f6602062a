using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Access;

/// <summary>
/// The key that let a request in, where the host knows it: the local host does. It travels beside the request and not in it, so that no caller
/// can claim one.
/// </summary>
public static class KnownKey
{
    private static readonly object Item = new();

    /// <summary>Called by the host once it has checked the key.</summary>
    /// <param name="context">The request's.</param>
    /// <param name="name">The key's name in the configuration; null for one without.</param>
    public static void Set(HttpContext context, string? name)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Items[Item] = name is null ? Caller.FunctionKey : $"key:{name}";
    }

    /// <summary>The caller's id by its key; null when the host has not set one.</summary>
    public static string? Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items[Item] as string;
    }
}
