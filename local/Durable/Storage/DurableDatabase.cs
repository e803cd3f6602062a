using System.Globalization;
using Microsoft.Data.Sqlite;

namespace CaptureFlow.Local.Durable.Storage;

/// <summary>
/// The engine's file. One connection writes and one reads, so that a status query does not wait for a commit's fsync.
/// </summary>
/// <remarks>
/// WAL with <c>synchronous=FULL</c>: a commit that was acknowledged outlives a power cut, not just <c>kill -9</c>. An order that was
/// accepted, or a permission that was granted, must not be forgotten; an fsync per step costs less than the step.
/// </remarks>
internal sealed class DurableDatabase : IDisposable
{
    private const int BusySeconds = 30;
    private const string Synced = "PRAGMA synchronous=FULL";
    private const string Unsynced = "PRAGMA synchronous=NORMAL";

    private readonly SqlSession _writer;
    private readonly SqlSession _reader;
    private readonly SemaphoreSlim _writerGate = new(1, 1);
    private readonly SemaphoreSlim _readerGate = new(1, 1);
    private readonly TimeProvider _time;
    private readonly Action<Effects> _announce;

    private DurableDatabase(string connectionString, TimeProvider time, Action<Effects> announce)
    {
        _time = time;
        _announce = announce;
        _writer = new SqlSession(connectionString);
        _reader = new SqlSession(connectionString);
        _writer.Execute(Synced);
    }

    public DateTime Now => _time.GetUtcNow().UtcDateTime;

    /// <summary>Opens the file, making it if missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock that dates what is written.</param>
    /// <param name="announce">Called after each transaction that was kept, on the writer's thread; must not wait.</param>
    /// <exception cref="InvalidOperationException">The file was written by a later version.</exception>
    public static DurableDatabase Open(string path, TimeProvider time, Action<Effects> announce)
    {
        var connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString();
        using (var session = new SqlSession(connectionString))
        {
            session.Query("PRAGMA journal_mode=WAL", row => row.GetString(0));
            var version = session.InTransaction(DurableSchema.Ensure, deferred: false);
            if (version != DurableSchema.Version)
            {
                var formats = string.Create(CultureInfo.InvariantCulture, $"format {version}; this build knows format {DurableSchema.Version}");
                throw new InvalidOperationException($"{path} has {formats}. Use the build that wrote it, or another folder.");
            }
        }

        return new DurableDatabase(connectionString, time, announce);
    }

    /// <summary>Runs one writing transaction, then announces its effects.</summary>
    public Task<T> WriteAsync<T>(Func<SqlSession, Effects, T> work, CancellationToken cancellation = default)
        => TransactAsync(work, Synced, cancellation);

    /// <summary>
    /// As <see cref="WriteAsync"/>, without waiting for the disk: for leases, which a power cut ends anyway. It costs an activity one
    /// fsync less. The next synced commit takes this one to the disk with it.
    /// </summary>
    public Task<T> WriteLeaseAsync<T>(Func<SqlSession, Effects, T> work, CancellationToken cancellation = default)
        => TransactAsync(work, Unsynced, cancellation);

    /// <summary>Reads one consistent snapshot.</summary>
    public async Task<T> ReadAsync<T>(Func<SqlSession, T> work, CancellationToken cancellation = default)
    {
        await _readerGate.WaitAsync(cancellation);
        try
        {
            return _reader.InTransaction(work, deferred: true);
        }
        finally
        {
            _readerGate.Release();
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _reader.Dispose();
        _writerGate.Dispose();
        _readerGate.Dispose();
    }

    private async Task<T> TransactAsync<T>(Func<SqlSession, Effects, T> work, string synchronous, CancellationToken cancellation)
    {
        await _writerGate.WaitAsync(cancellation);
        try
        {
            _writer.Execute(synchronous);

            // Dated inside the gate: what is written later is dated later.
            var effects = new Effects(Now);
            var result = _writer.InTransaction(session => work(session, effects), deferred: false);
            _announce(effects);
            return result;
        }
        finally
        {
            _writerGate.Release();
        }
    }
}
