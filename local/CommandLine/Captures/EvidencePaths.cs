namespace CaptureFlow.Local.CommandLine;

/// <summary>Where the files of captures go on this machine.</summary>
/// <param name="OfOne">The file of a single pod's capture, by its id.</param>
/// <param name="OfMember">The file of one pod of several, by pod name and capture id.</param>
internal sealed record EvidencePaths(Func<string, string> OfOne, Func<string, string, string> OfMember)
{
    /// <summary>The folder that all of them go to.</summary>
    public string Folder => Path.GetDirectoryName(Path.GetFullPath(OfOne("id")))!;

    private static readonly string[] CaptureFiles = [".pcap", ".pcapng", ".cap"];

    /// <param name="target">What is captured.</param>
    /// <param name="output">The user's wish: a file or a folder for one pod, a folder for several; null for this folder.</param>
    public static EvidencePaths Of(RequestedTarget target, string? output) => new(
        id => output is not null && !IsFolder(output) ? output : Path.Combine(output ?? string.Empty, $"{target.Pod ?? target.Node}-{id}.pcap"),
        (pod, id) => Path.Combine(output ?? ".", $"{pod}-{id}.pcap"));

    /// <summary>The same for a capture of which only the id is known: what a server says of its target names no files here.</summary>
    public static EvidencePaths Of(string? output) => Of(new RequestedTarget(null, null), output) with
    {
        OfOne = id => output is not null && !IsFolder(output) ? output : Path.Combine(output ?? string.Empty, $"{id}.pcap"),
    };

    /// <summary>Whether the file is wanted as pcapng, by its name.</summary>
    public static bool IsPcapng(string path) => Path.GetExtension(path).Equals(".pcapng", StringComparison.OrdinalIgnoreCase);

    /// <summary>Why the wish cannot be granted, known before anything is ordered; null when it can.</summary>
    public static string? Refusal(bool several, string output) =>
        several && File.Exists(output) ? $"'{output}' is a file. With several pods, -o names the folder that their files go to."
        : several && !Directory.Exists(output) && CaptureFiles.Contains(Path.GetExtension(output).ToLowerInvariant())
            ? $"'{output}' looks like a file. With several pods, -o names the folder that their files go to; end its name with / to say that it is one."
        : null;

    // Like cp: what is a folder, or is written as one, takes the file by its own name.
    private static bool IsFolder(string output) => Path.EndsInDirectorySeparator(output) || Directory.Exists(output);
}
