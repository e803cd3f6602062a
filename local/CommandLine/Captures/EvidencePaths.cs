namespace CaptureFlow.Local.CommandLine;

/// <summary>Where the files of captures go on this machine.</summary>
/// <param name="OfOne">The file of a single pod's capture, by its id.</param>
/// <param name="OfMember">The file of one pod of several, by pod name and capture id.</param>
internal sealed record EvidencePaths(Func<string, string> OfOne, Func<string, string, string> OfMember)
{
    /// <param name="target">What is captured.</param>
    /// <param name="output">The user's wish: a file for one pod, a folder for several; null for this folder.</param>
    public static EvidencePaths Of(RequestedTarget target, string? output) => new(
        id => output ?? $"{target.Pod ?? target.Node}-{id}.pcap",
        (pod, id) => Path.Combine(output ?? ".", $"{pod}-{id}.pcap"));
}
