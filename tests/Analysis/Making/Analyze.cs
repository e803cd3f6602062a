namespace CaptureFlow.Analysis.Tests;

internal static class Analyze
{
    public static async Task<TriageCard> BytesAsync(byte[] file, AnalysisOptions? options = null, CancellationToken cancellationToken = default)
    {
        using MemoryStream stream = new(file);
        return await CaptureAnalyzer.AnalyzeAsync(stream, options ?? new(), cancellationToken);
    }

    public static Task<TriageCard> CaptureAsync(CaptureMaker capture) => BytesAsync(capture.ToPcap());

    public static Finding Single(TriageCard card, string code) => Assert.Single(card.Findings, finding => finding.Code == code);
}
