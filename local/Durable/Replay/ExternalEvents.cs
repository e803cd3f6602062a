using System.Diagnostics.CodeAnalysis;
using CaptureFlow.Local.Durable.History;
using Microsoft.DurableTask;

namespace CaptureFlow.Local.Durable.Replay;

/// <summary>
/// Events from outside: given to whoever waits for their name, kept until somebody does. Names are equal whatever their case. The latest
/// waiter is served first, as in Durable Task; one that was cancelled is not served.
/// </summary>
internal sealed class ExternalEvents(DataConverter converter)
{
    private readonly Dictionary<string, List<Waiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<EventRaised> _unread = [];

    public bool HasWaiters => _waiters.Values.Any(list => list.Count > 0);

    /// <summary>Events that nobody has waited for yet, in their order.</summary>
    public IReadOnlyList<EventRaised> Unread => _unread;

    public void Raise(EventRaised item)
    {
        if (_waiters.TryGetValue(item.Name, out var list) && list.Count > 0)
        {
            var waiter = list[^1];
            list.RemoveAt(list.Count - 1);
            waiter.Take(item.Input);
        }
        else
        {
            _unread.Add(item);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A payload that is not a T fails the await, whatever the converter throws.")]
    public Task<T> WaitFor<T>(string name, CancellationToken cancellation)
    {
        var source = new TaskCompletionSource<T>();
        if (_unread.Find(item => string.Equals(item.Name, name, StringComparison.OrdinalIgnoreCase)) is { } early)
        {
            _unread.Remove(early);
            Take(early.Input);
            return source.Task;
        }

        if (!_waiters.TryGetValue(name, out var list))
        {
            _waiters.Add(name, list = []);
        }

        if (list.Find(other => other.Type != typeof(T)) is { } conflict)
        {
            throw new ArgumentException($"The event {name} is already awaited as {conflict.Type}, and cannot be awaited as {typeof(T)} too.");
        }

        var waiter = new Waiter(typeof(T), Take);
        list.Add(waiter);
        cancellation.Register(() =>
        {
            list.Remove(waiter);
            source.TrySetCanceled(cancellation);
        });
        return source.Task;

        void Take(string? input)
        {
            try
            {
                source.TrySetResult(input is null ? default! : converter.Deserialize<T>(input)!);
            }
            catch (Exception exception)
            {
                source.TrySetException(exception);
            }
        }
    }

    private sealed record Waiter(Type Type, Action<string?> Take);
}
