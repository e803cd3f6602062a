using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace CaptureFlow.Orchestrations;

/// <summary>A place in the list of captures, newest first: just behind this one. Captures that are added or deleted meanwhile don't move it.</summary>
public sealed record CaptureCursor(DateTimeOffset RequestedAt, string CaptureId)
{
    public static CaptureCursor Of(CaptureFacts facts) => new(facts.RequestedAt, facts.CaptureId);

    /// <returns>Null when the text was not made by <see cref="ToToken"/>.</returns>
    public static CaptureCursor? TryParse(string token)
    {
        var bytes = new byte[token.Length];
        return Base64Url.IsValid(token)
            && Base64Url.TryDecodeFromChars(token, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split('|') is [var ticks, var id]
            && CaptureIds.IsValid(id)
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            && time <= DateTimeOffset.MaxValue.Ticks
            ? new(new(time, TimeSpan.Zero), id)
            : null;
    }

    /// <summary>Opaque to callers of the API.</summary>
    public string ToToken() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{RequestedAt.UtcTicks}|{CaptureId}")));

    /// <summary>Whether a capture comes behind this place in the list.</summary>
    public bool IsBefore(CaptureFacts facts) =>
        facts.RequestedAt < RequestedAt || (facts.RequestedAt == RequestedAt && string.CompareOrdinal(facts.CaptureId, CaptureId) < 0);
}
