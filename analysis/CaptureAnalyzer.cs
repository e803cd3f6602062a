namespace CaptureFlow.Analysis;

/// <summary>Looks at every packet of a capture file once, in constant memory, and says what it shows.</summary>
public static class CaptureAnalyzer
{
    private const int PacketsBetweenLooksAtTheClock = 4_096;

    /// <summary>Whatever the bytes are, the answer is a card; errors of the stream itself pass through.</summary>
    /// <param name="file">The file, pcap or pcapng. It is not disposed.</param>
    /// <param name="options">How much the analysis may take.</param>
    /// <param name="cancellationToken">Ends the reading with an exception.</param>
    public static async Task<TriageCard> AnalyzeAsync(Stream file, AnalysisOptions options, CancellationToken cancellationToken)
    {
        CaptureSurvey survey = new(options);
        await WalkAsync(file, survey, options, cancellationToken);
        return survey.Close();
    }

    internal static async Task WalkAsync(Stream file, CaptureSurvey survey, AnalysisOptions options, CancellationToken cancellationToken)
    {
        var began = options.Time.GetTimestamp();
        using var source = await PacketSource.OpenAsync(file, cancellationToken);
        survey.Source = source;
        var untilClock = PacketsBetweenLooksAtTheClock;
        do
        {
            while (source.TryRead())
            {
                survey.Look(source);
                if (--untilClock == 0)
                {
                    untilClock = PacketsBetweenLooksAtTheClock;
                    cancellationToken.ThrowIfCancellationRequested();
                    if (options.Time.GetElapsedTime(began) > options.Longest)
                    {
                        survey.StopHere(options.Longest);
                        return;
                    }
                }
            }
        }
        while (await source.FillAsync(cancellationToken));
        survey.EndOfFile();
    }
}
