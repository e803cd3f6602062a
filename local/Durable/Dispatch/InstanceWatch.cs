using System.Collections.Concurrent;

namespace CaptureFlow.Local.Durable.Dispatch;

/// <summary>Lets those who wait for an instance know that it changed, so that they need not poll.</summary>
internal sealed class InstanceWatch
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();

    /// <summary>Ends when the instance changes next. Take it before looking, so that no change falls in between.</summary>
    public Task NextChange(string instanceId)
        => _waiting.GetOrAdd(instanceId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Changed(string instanceId)
    {
        if (_waiting.TryRemove(instanceId, out var source))
        {
            source.SetResult();
        }
    }
}
