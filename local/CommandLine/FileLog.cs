using CaptureFlow.Local.Hosting;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Writes the log of a host inside this process to a file, so that the terminal stays the user's.</summary>
internal sealed class FileLog : ILoggerProvider
{
    private readonly StreamWriter _file;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private bool _closed;

    public FileLog(string path, TimeProvider time)
    {
        _time = time;
        _file = new(PrivateFiles.Write(path, FileMode.Append)) { AutoFlush = true };
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            _file.Dispose();
        }
    }

    private void Write(string line)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _file.WriteLine(line);
            }
        }
    }

    private sealed class Category(FileLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Write($"{log._time.GetUtcNow():O} {logLevel} {name}[{eventId.Id}] {formatter(state, exception)}{(exception is null ? string.Empty : Environment.NewLine + exception)}");
    }
}
