using System.Globalization;
using System.Text;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Local.Durable.Storage;

/// <summary>Which instances are wanted, and after which one the page begins. Pages are ordered by creation, then by id.</summary>
internal sealed record InstanceFilter(
    DateTimeOffset? From, DateTimeOffset? To, IEnumerable<OrchestrationRuntimeStatus>? Statuses, string? InstanceIdPrefix = null)
{
    public DateTime CreatedFrom => From?.UtcDateTime ?? DateTime.MinValue;

    public DateTime CreatedTo => To?.UtcDateTime ?? DateTime.MaxValue;

    public string Prefix => InstanceIdPrefix ?? string.Empty;

    /// <summary>The statuses as <c>|A|B|</c>, or empty for all.</summary>
    public string StatusList => Statuses is null || !Statuses.Any() ? string.Empty : $"|{string.Join('|', Statuses)}|";

    public DateTime AfterCreated { get; private init; } = DateTime.MinValue;

    public string AfterId { get; private init; } = string.Empty;

    public static string TokenAfter(InstanceRow row) => Convert.ToBase64String(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{row.CreatedAt.Ticks}|{row.InstanceId}")));

    /// <exception cref="ArgumentException">The token was not given by <see cref="TokenAfter"/>.</exception>
    public InstanceFilter StartingAfter(string? token)
    {
        if (token is null)
        {
            return this;
        }

        var buffer = new byte[token.Length];
        if (Convert.TryFromBase64String(token, buffer, out var length)
            && Encoding.UTF8.GetString(buffer, 0, length).Split('|', 2) is [var ticks, var id]
            && long.TryParse(ticks, CultureInfo.InvariantCulture, out var created))
        {
            return this with { AfterCreated = new DateTime(created, DateTimeKind.Utc), AfterId = id };
        }

        throw new ArgumentException("This continuation token was not given by this store.", nameof(token));
    }
}
