using System.Globalization;
using Microsoft.Data.Sqlite;

namespace CaptureFlow.Local.Durable.Storage;

/// <summary>One connection and its prepared statements. Used by one caller at a time; <see cref="DurableDatabase"/> sees to that.</summary>
internal sealed class SqlSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private SqliteTransaction? _transaction;

    public SqlSession(string connectionString)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
    }

    /// <summary>Runs <paramref name="work"/> in one transaction: all of it is kept, or, when it throws, none.</summary>
    /// <param name="work">What reads and writes.</param>
    /// <param name="deferred">True for a reader: it sees one snapshot and stops nobody from writing.</param>
    public T InTransaction<T>(Func<SqlSession, T> work, bool deferred)
    {
        using var transaction = _connection.BeginTransaction(deferred);
        _transaction = transaction;
        try
        {
            var result = work(this);
            transaction.Commit();
            return result;
        }
        finally
        {
            _transaction = null;
        }
    }

    /// <summary>Runs a statement; parameters are <c>?1</c>, <c>?2</c> and so on.</summary>
    /// <returns>The number of rows changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> parameters) => Prepare(sql, parameters).ExecuteNonQuery();

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> parameters)
    {
        using var reader = Prepare(sql, parameters).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> parameters)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            _commands.Add(sql, command);
        }

        command.Transaction = _transaction;
        command.Parameters.Clear();
        for (var i = 0; i < parameters.Length; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"?{i + 1}");
            command.Parameters.AddWithValue(name, ToColumn(parameters[i]));
        }

        return command;
    }

    private static object ToColumn(object? value) => value switch
    {
        null => DBNull.Value,
        DateTime time => time.Ticks,
        _ => value,
    };
}
