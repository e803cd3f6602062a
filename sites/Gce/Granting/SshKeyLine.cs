using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Gce;

/// <summary>
/// One public key of ours in an instance's <c>ssh-keys</c>. The comment, in the form that Google's guest agent reads, has the expiry, and in
/// <c>userName</c> the capture that it belongs to: what a sweep needs is in the metadata itself.
/// </summary>
/// <param name="User">The Linux user that it lets in.</param>
/// <param name="Key">Algorithm and blob, as in authorized_keys.</param>
/// <param name="CaptureId">The capture.</param>
/// <param name="ExpiresAt">UTC, whole seconds; the guest agent ignores the key from then on.</param>
internal sealed record SshKeyLine(string User, string Key, string CaptureId, DateTimeOffset ExpiresAt)
{
    private const string Mark = "@captureflow";
    private const string Comment = " google-ssh ";
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss'+0000'";

    public override string ToString() =>
        $"{User}:{Key}{Comment}{JsonSerializer.Serialize(new Marks(CaptureId + Mark, ExpiresAt.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture)), Plain)}";

    /// <summary>The line when it is one of ours; null for anybody else's.</summary>
    public static SshKeyLine? TryRead(string line)
    {
        var at = line.IndexOf(Comment + "{", StringComparison.Ordinal);
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (at < 0 || colon < 0 || colon > at || TryReadMarks(line[(at + Comment.Length)..]) is not { UserName: { } name, ExpireOn: { } expiry })
        {
            return null;
        }

        return name.EndsWith(Mark, StringComparison.Ordinal)
            && CaptureIds.IsValid(name[..^Mark.Length])
            && DateTimeOffset.TryParseExact(expiry, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expires)
            ? new(line[..colon], line[(colon + 1)..at], name[..^Mark.Length], expires)
            : null;
    }

    private static Marks? TryReadMarks(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Marks>(json, Plain);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The plus sign stays one: the guest agent's reader of JSON would understand more, other readers of the line may not.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private sealed record Marks([property: JsonPropertyName("userName")] string? UserName, [property: JsonPropertyName("expireOn")] string? ExpireOn);
}
