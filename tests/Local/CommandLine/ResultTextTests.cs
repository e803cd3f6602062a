using CaptureFlow.Analysis;
using CaptureFlow.Functions.Triage;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class ResultTextTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 10, 0, 12, 345, TimeSpan.Zero);

    [Fact]
    public void Write_CompleteCapture_VerdictFileHashAndEveryAnswerWithItsTime()
    {
        var text = Write(new()
        {
            ExitCode = 0,
            Status = CaptureState.Completed,
            Verdict = Verdict.Complete,
            Packets = 1_234,
            Bytes = 345_678,
            DroppedByKernel = 0,
            DroppedByInterface = 0,
            Sha256 = "abc123",
            Path = "/captures/web.pcap",
            Revocation = new(true, [new("rolebinding shop/x", "404 NotFound", "404 NotFound", true, At), new("review", "denied", "denied", true, At.AddSeconds(1))]),
        });

        Assert.Contains("Complete: 1,234 packets, 345.7 kB, no drops\n", text, StringComparison.Ordinal);
        Assert.Contains("  file       /captures/web.pcap\n", text, StringComparison.Ordinal);
        Assert.Contains("  sha-256    abc123\n", text, StringComparison.Ordinal);
        Assert.Contains("10:00:12.345Z  ok  rolebinding shop/x: 404 NotFound\n", text, StringComparison.Ordinal);
        Assert.Contains("10:00:13.345Z  ok  review: denied\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SilentPod_TheTapsOwnPacketsAreNotTheUsers()
    {
        var text = Write(new()
        {
            ExitCode = 10,
            Status = CaptureState.Completed,
            Verdict = Verdict.Empty,
            Packets = 4,
            OwnPackets = 4,
            Bytes = 500,
            DroppedByKernel = 0,
            DroppedByInterface = 0,
            Path = "/captures/web.pcap",
        });

        Assert.Contains("Empty: 0 packets, 500 B, no drops\n", text, StringComparison.Ordinal);
        Assert.Contains("  packets    4, of which 4 are CaptureFlow's own canaries and the answers to them\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TriageCard_ItsSummaryAndTheFirstFindings()
    {
        KeptFinding Of(FindingSeverity severity, params long[] packets) => new("code", severity, "seen", "means", "10.0.0.1 → 10.0.0.2:81", packets.Length, packets);
        var text = Write(new()
        {
            ExitCode = 0,
            Status = CaptureState.Completed,
            Verdict = Verdict.Complete,
            Path = "/captures/web.pcap",
            Triage = new()
            {
                Summary = "9 packets, 2 conversations: seen.",
                Findings = [Of(FindingSeverity.Error, 2, 5, 7, 9), Of(FindingSeverity.Warning, 3), .. Enumerable.Repeat(Of(FindingSeverity.Note), 4)],
                FindingsLeftOut = new Dictionary<string, int> { ["code"] = 2 },
            },
        });

        Assert.Contains(
            """

              shows      9 packets, 2 conversations: seen.
              error      10.0.0.1 → 10.0.0.2:81: seen, packets 2, 5, 7, …
              warning    10.0.0.1 → 10.0.0.2:81: seen, packet 3
              note       10.0.0.1 → 10.0.0.2:81: seen
              note       10.0.0.1 → 10.0.0.2:81: seen
              note       10.0.0.1 → 10.0.0.2:81: seen
                         and 3 more findings: captureflow analyze /captures/web.pcap

              file       /captures/web.pcap

            """.ReplaceLineEndings("\n"),
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Write_UnprovenRevoke_NamesWhatWasExpected()
    {
        var text = Write(new()
        {
            ExitCode = 5,
            Status = CaptureState.RevokeUnproven,
            Revocation = new(false, [new("rolebinding shop/x", "404 NotFound", "200 OK", false, At)]),
        });

        Assert.StartsWith("\nThe rights of this capture could not be proven gone.\n", text, StringComparison.Ordinal);
        Assert.Contains("NOT PROVEN", text, StringComparison.Ordinal);
        Assert.Contains("10:00:12.345Z  NO  rolebinding shop/x: 200 OK (expected 404 NotFound)\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Refused_EveryFaultWithItsRemedy()
    {
        var text = Write(new() { ExitCode = 3, Status = CaptureState.Refused, Faults = [new("filter-invalid", "No filter.", "Mend it.", "filter", "syntax error")] });

        Assert.Equal("\nRefused: nothing was changed.\n\n  filter-invalid\n             No filter. (filter)\n             Mend it.\n             syntax error\n", text);
    }

    private static string Write(CaptureResult result)
    {
        StringWriter output = new() { NewLine = "\n" };
        ResultText.Write(result, output);
        return output.ToString();
    }
}
