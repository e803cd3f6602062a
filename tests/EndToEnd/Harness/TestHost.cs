namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>
/// A local host on a state folder: a <see cref="HostProcess"/> where a test kills it, stops it at a point or looks at the process, a <see cref="HostWithin"/>
/// everywhere else.
/// </summary>
internal abstract class TestHost(Uri url) : IAsyncDisposable
{
    public CaptureApi Api { get; } = new(url);

    public abstract string Log { get; }

    public virtual ValueTask DisposeAsync()
    {
        Api.Dispose();
        return ValueTask.CompletedTask;
    }
}
