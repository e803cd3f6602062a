using CaptureFlow.Local.Hosting;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The state folders of commands on this machine, one for each run. A command that ends in good order removes its own.</summary>
internal static class RunFolders
{
    private static string All => Path.Combine(StateHome.Path, "runs");

    /// <summary>Those of commands that were killed, or that gave up, after they had ordered a capture. The longest ago first.</summary>
    public static IReadOnlyList<(string Folder, RunNote Note)> Left() => [.. Noted().Where(run => run.Note.Kept.Count == 0 && !StateFolder.IsHeld(run.Folder))];

    /// <summary>The folder with the only copy of a capture's file; null when there is none here.</summary>
    public static (string Folder, RunNote Note)? Keeping(string captureId) =>
        Noted().Where(run => run.Note.Kept.Contains(captureId)).Select(run => ((string, RunNote)?)run).FirstOrDefault();

    private static IEnumerable<(string Folder, RunNote Note)> Noted() => Directory.Exists(All)
        ? Directory.EnumerateDirectories(All)
            .Select(folder => (Folder: folder, Note: RunNote.TryRead(folder)))
            .Where(run => run.Note is not null)
            .Select(run => (run.Folder, run.Note!))
            .OrderBy(run => run.Item2.OrderedAt)
        : [];
}
