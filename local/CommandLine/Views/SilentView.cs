namespace CaptureFlow.Local.CommandLine;

/// <summary>Shows nothing: with <c>--json</c>, the one document at the end is all there is.</summary>
/// <param name="output">Where that document will be written; flushed at each status, to hear when nobody reads it any more.</param>
internal sealed class SilentView(TextWriter output) : ICaptureView
{
    public Task<T> WhileAsync<T>(Func<Task<T>> work) => work();

    public void Show(CaptureStatus status) => output.Flush();

    public void Say(string sentence)
    {
    }
}
