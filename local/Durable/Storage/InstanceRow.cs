using System.Text.Json;
using CaptureFlow.Local.Durable.History;
using Microsoft.Data.Sqlite;

namespace CaptureFlow.Local.Durable.Storage;

/// <summary>An instance as the file has it.</summary>
internal sealed record InstanceRow(
    string InstanceId,
    string ExecutionId,
    string Name,
    string Version,
    string Status,
    long Revision,
    string? Input,
    string? Output,
    string? CustomStatus,
    Failure? Failure,
    IReadOnlyDictionary<string, string>? Tags,
    ParentCall? Parent,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    DateTime StartAt)
{
    public const string Columns =
        "instance_id,execution_id,name,version,status,revision,input,output,custom_status,failure,tags,parent,created,updated,start_at";

    public bool IsTerminal => InstanceStatus.IsTerminal(Status);

    public static InstanceRow Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.GetString(3),
        row.GetString(4),
        row.GetInt64(5),
        Text(row, 6),
        Text(row, 7),
        Text(row, 8),
        Text(row, 9) is { } failure ? JsonSerializer.Deserialize(failure, HistoryJson.Default.Failure) : null,
        Text(row, 10) is { } tags ? JsonSerializer.Deserialize(tags, HistoryJson.Default.DictionaryStringString) : null,
        Text(row, 11) is { } parent ? JsonSerializer.Deserialize(parent, HistoryJson.Default.ParentCall) : null,
        Time(row, 12),
        Time(row, 13),
        Time(row, 14));

    public static InstanceRow? Find(SqlSession session, string instanceId)
        => session.Query($"SELECT {Columns} FROM instances WHERE instance_id=?1", Read, instanceId).FirstOrDefault();

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTime Time(SqliteDataReader row, int column) => new(row.GetInt64(column), DateTimeKind.Utc);
}
