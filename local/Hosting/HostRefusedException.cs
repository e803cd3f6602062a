namespace CaptureFlow.Local.Hosting;

/// <summary>The local host cannot start as it was asked to. Nothing has been started or changed.</summary>
/// <param name="message">What is wrong, in one sentence.</param>
/// <param name="remedy">What to do about it, in one sentence.</param>
public sealed class HostRefusedException(string message, string remedy) : Exception($"{message} {remedy}")
{
    public string Problem { get; } = message;

    public string Remedy { get; } = remedy;
}
