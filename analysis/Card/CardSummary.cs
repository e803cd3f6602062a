namespace CaptureFlow.Analysis;

/// <summary>The card in one line.</summary>
internal static class CardSummary
{
    private const int MostFindings = 3;

    public static string Of(FileFacts file, IReadOnlyList<Finding> findings, long conversations)
    {
        if (file.Format is null)
        {
            return $"Not a capture file: {file.Problem}";
        }

        if (file.Packets == 0)
        {
            return file.Problem is null ? "No packets." : $"No packets: {file.Problem}";
        }

        var others = file.Packets - file.OwnPackets;
        if (others == 0)
        {
            return "No packets but CaptureFlow's own canaries.";
        }

        var what = $"{Words.Count(others, "packet")}, {Words.Count(conversations, "conversation")}";
        var worst = findings.Where(finding => finding.Severity != FindingSeverity.Note).DistinctBy(finding => finding.Code).ToList();
        if (worst.Count == 0)
        {
            return conversations == 0 ? $"{Words.Count(others, "packet")}, and neither TCP nor UDP that could be read." : $"{what}: nothing wrong was found.";
        }

        var rest = worst.Count > MostFindings ? $"; and {worst.Count - MostFindings} more kinds of findings" : "";
        return $"{what}: {string.Join("; ", worst.Take(MostFindings).Select(finding => $"{finding.Says} ({finding.Subject})"))}{rest}.";
    }
}
