using CaptureFlow.Analysis;

namespace CaptureFlow.Local.CommandLine;

/// <summary>A capture file on this machine, analyzed for a person who waits.</summary>
internal static class AnalyzedFile
{
    /// <returns>The exit code, and the card unless the file cannot be read or Ctrl-C came first; <paramref name="errors"/> then says so.</returns>
    public static async Task<(int Code, TriageCard? Card)> ReadAsync(
        string path,
        AnalysisOptions limits,
        TextWriter errors,
        CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
            var card = await CaptureAnalyzer.AnalyzeAsync(file, limits, cancellationToken);
            return (CodeOf(card.File), card);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"captureflow: {path} cannot be read: {e.Message}");
            return (ExitCodes.HostUnavailable, null);
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync("captureflow: interrupted");
            return (ExitCodes.Cancelled, null);
        }
    }

    private static int CodeOf(FileFacts file) => file switch
    {
        { Format: null } => ExitCodes.Failed,
        { ReadToItsEnd: true } => ExitCodes.Complete,
        _ => ExitCodes.Partial,
    };
}
