namespace CaptureFlow.Analysis;

/// <summary>A question that waits for its answer.</summary>
internal sealed class DnsQuestion(string name, Endpoint server)
{
    /// <summary>Each time that it was asked.</summary>
    public Occurrences Asked;

    public string Name { get; } = name;

    public Endpoint Server { get; } = server;
}
