namespace CaptureFlow.Sandbox.Faults;

/// <summary>The last requests, oldest first, for tests that want to see what was asked.</summary>
internal sealed class RequestLog(TimeProvider time)
{
    private const int Limit = 20_000;

    private readonly Lock _gate = new();
    private readonly Queue<Entry> _entries = [];

    internal Entry Begin(string user, string verb, string method, string path)
    {
        var entry = new Entry(time.GetUtcNow(), user, verb, method, path);
        lock (_gate)
        {
            _entries.Enqueue(entry);
            if (_entries.Count > Limit)
            {
                _entries.Dequeue();
            }
        }

        return entry;
    }

    /// <summary>All of them, or those whose user or path has one of these words.</summary>
    internal IReadOnlyList<Entry> List(IReadOnlyList<string> words)
    {
        lock (_gate)
        {
            return [.. _entries.Where(entry => words.Count == 0 || words.Any(word =>
                entry.Path.Contains(word, StringComparison.Ordinal) || entry.User.Contains(word, StringComparison.Ordinal)))];
        }
    }

    internal void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
        }
    }

    /// <summary>One request.</summary>
    internal sealed record Entry(DateTimeOffset Time, string User, string Verb, string Method, string Path)
    {
        /// <value>The HTTP status; 0 while under way, 499 when no answer was sent.</value>
        public int Status { get; set; }

        /// <value>The id of the fault rule that was played, or empty.</value>
        public string Fault { get; set; } = "";
    }
}
