using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>A day's head: how far each log had come that was written since the head before. One line of JSON, its signature last.</summary>
/// <param name="Schema"><see cref="CurrentSchema"/>.</param>
/// <param name="Day">The day (UTC) that had ended.</param>
/// <param name="SealedAt">When it was signed: what came until then is in it.</param>
/// <param name="PreviousDay">The day of the head before; null in the first one. Days between were not sealed: no host ran.</param>
/// <param name="Previous">The SHA-256 of that head; null in the first one.</param>
/// <param name="LogDays">How long after its last entry a log was kept, when this was signed; 0 for ever.</param>
/// <param name="Logs">By capture.</param>
public sealed record CustodyDay(
    string Schema, DateOnly Day, DateTimeOffset SealedAt, DateOnly? PreviousDay, string? Previous, int LogDays, IReadOnlyList<CustodyDayLog> Logs)
{
    public const string CurrentSchema = "captureflow.day/1";

    private static readonly JsonSerializerOptions Json = new(CaptureJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Where it is, below the store's root.</summary>
    public static string NameOf(DateOnly day) => $"heads/{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.json";

    /// <returns>The day of such a file's name, without folders; null for any other name.</returns>
    public static DateOnly? TryDay(string fileName) =>
        DateOnly.TryParseExact(fileName, "yyyy-MM-dd'.json'", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public static string HashOf(ReadOnlySpan<byte> head) => Convert.ToHexStringLower(SHA256.HashData(head));

    public byte[] Write(CustodyKey key) => Encoding.UTF8.GetBytes(CustodySignature.Add(CurrentSchema, JsonSerializer.Serialize(this, Json), key) + "\n");

    /// <returns>The head and its signature, which is not checked; or why it is none.</returns>
    public static (CustodyDay? Day, CustodySignature? Signature, string? Problem) Read(ReadOnlySpan<byte> head)
    {
        var text = Encoding.UTF8.GetString(head).TrimEnd('\n');
        if (!CustodySignature.TryRead(CurrentSchema, text, out var signature))
        {
            return (null, null, "it does not end with a signature");
        }

        try
        {
            return JsonSerializer.Deserialize<CustodyDay>(text, Json) is { Schema: CurrentSchema } day
                ? (day, signature, null)
                : (null, null, "it is of a schema that is not known here");
        }
        catch (JsonException)
        {
            return (null, null, "it is no head of a day");
        }
    }
}

/// <summary>How far a log had come.</summary>
/// <param name="Id">The capture.</param>
/// <param name="Entries">How many entries held.</param>
/// <param name="Hash">The last one's.</param>
/// <param name="LastAt">The last one's time.</param>
public sealed record CustodyDayLog(string Id, int Entries, string Hash, DateTimeOffset LastAt);
