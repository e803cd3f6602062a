namespace CaptureFlow.Local.CommandLine;

/// <summary>Shows nothing: with <c>--json</c>, the one document at the end is all there is.</summary>
internal sealed class SilentView : ICaptureView
{
    public Task<T> WhileAsync<T>(Func<Task<T>> work) => work();

    public void Show(CaptureStatus status)
    {
    }

    public void Say(string sentence)
    {
    }
}
