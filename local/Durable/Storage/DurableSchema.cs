namespace CaptureFlow.Local.Durable.Storage;

/// <summary>The tables. Times are UTC ticks, statuses are words, payloads are JSON: a person with sqlite3 can read an incident from it.</summary>
internal static class DurableSchema
{
    public const long Version = 1;

    // messages: what an instance has yet to be told. execution_id is null for what is meant for the instance whichever execution it is
    // in. rank orders what is due together: 0 the start, 1 events that an earlier execution left unread, 2 everything else by due time.
    // activities: AUTOINCREMENT, so that an id is never used again: a run that ends late must not answer another call.
    private const string Tables = """
        CREATE TABLE instances(
            instance_id TEXT PRIMARY KEY, execution_id TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
            status TEXT NOT NULL, revision INTEGER NOT NULL,
            input TEXT, output TEXT, custom_status TEXT, failure TEXT, tags TEXT,
            parent TEXT, parent_id TEXT,
            created INTEGER NOT NULL, updated INTEGER NOT NULL, start_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX instances_created ON instances(created, instance_id);
        CREATE INDEX instances_parent ON instances(parent_id) WHERE parent_id IS NOT NULL;
        CREATE TABLE history(
            instance_id TEXT NOT NULL, sequence INTEGER NOT NULL, event TEXT NOT NULL,
            PRIMARY KEY(instance_id, sequence)) WITHOUT ROWID;
        CREATE TABLE messages(
            id INTEGER PRIMARY KEY AUTOINCREMENT, instance_id TEXT NOT NULL, execution_id TEXT, rank INTEGER NOT NULL,
            due INTEGER NOT NULL, timer_id INTEGER, event TEXT NOT NULL);
        CREATE INDEX messages_due ON messages(due, instance_id);
        CREATE INDEX messages_instance ON messages(instance_id, due);
        CREATE TABLE activities(
            id INTEGER PRIMARY KEY AUTOINCREMENT, instance_id TEXT NOT NULL, execution_id TEXT NOT NULL, task_id INTEGER NOT NULL,
            name TEXT NOT NULL, input TEXT, lease_owner TEXT, lease_until INTEGER NOT NULL DEFAULT 0,
            deliveries INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX activities_instance ON activities(instance_id);
        PRAGMA user_version=1;
        """;

    /// <summary>Makes the tables in an empty file.</summary>
    /// <returns>The format that the file has.</returns>
    public static long Ensure(SqlSession session)
    {
        var version = session.Query("PRAGMA user_version", row => row.GetInt64(0))[0];
        if (version != 0)
        {
            return version;
        }

        session.Execute(Tables);
        return Version;
    }
}
