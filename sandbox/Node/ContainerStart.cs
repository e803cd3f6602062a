namespace CaptureFlow.Sandbox.Node;

/// <summary>All that is needed to start one container.</summary>
/// <remarks>
/// <c>Node</c>: The node init's process id.
/// <c>Pause</c>: The pod's pause process.
/// <c>ProcessesOf</c>: The process whose process namespace is joined; 0 for a namespace of its own.
/// <c>KeepsInput</c>: Whether stdin stays open for an attached client.
/// </remarks>
internal sealed record ContainerStart(
    int Node,
    int Pause,
    int ProcessesOf,
    bool KeepsInput,
    ContainerIdentity Identity,
    IReadOnlyDictionary<string, string> Environment,
    string WorkingFolder,
    IReadOnlyList<string> Command)
{
    internal bool SharesProcesses => ProcessesOf != 0;
}
