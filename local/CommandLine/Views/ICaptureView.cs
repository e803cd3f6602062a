namespace CaptureFlow.Local.CommandLine;

/// <summary>Shows a capture while it runs.</summary>
internal interface ICaptureView
{
    /// <summary>Runs <paramref name="work"/> with the view on the screen.</summary>
    Task<T> WhileAsync<T>(Func<Task<T>> work);

    /// <summary>Called with every status that was read, also with one that says nothing new.</summary>
    void Show(CaptureStatus status);

    /// <summary>A sentence to the user.</summary>
    void Say(string sentence);
}
