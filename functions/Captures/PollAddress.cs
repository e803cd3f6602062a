using CaptureFlow.Functions.Api;
using CaptureFlow.Functions.Notifications;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// What <c>Location</c> says of a capture that goes on: an address that answers 202 until it has ended. Absolute where the configuration
/// has the public address, since Logic Apps and older clients of Durable Functions follow no other; else relative to what was asked.
/// </summary>
public sealed class PollAddress(IOptions<NotificationsOptions> options)
{
    private readonly string _base = options.Value.PublicUrl?.TrimEnd('/') ?? "";

    internal string Of(string id) => $"{_base}{CaptureLinks.Self(id)}?{AsyncOption.Name}=202";
}
