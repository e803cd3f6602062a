using System.Globalization;
using CaptureFlow.Analysis;
using CaptureFlow.Functions.Triage;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Prints a result for people.</summary>
internal static class ResultText
{
    private const string Refused = "Refused: nothing was changed.";
    private const int MostFindings = 5;
    private const int MostPackets = 3;

    public static void Write(CaptureResult result, TextWriter output)
    {
        if (result.Members is { Count: > 0 } members)
        {
            WriteMembers(result, members, output);
            return;
        }

        output.WriteLine();
        output.WriteLine(Headline(result));
        foreach (var reason in result.Reasons ?? [])
        {
            output.WriteLine($"  {reason}");
        }

        WriteTriage(result, output);
        WriteFile(result, output);
        WriteSeen(result.Seen, output);
        WriteCompared(result.Compared, output);
        WriteProof(result.Revocation, output);
        WriteFaults(result, output);
        output.Flush();
    }

    private static void WriteMembers(CaptureResult result, IReadOnlyList<CaptureResult> members, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(result.Window is { } window
            ? $"{Wording.Count(members.Count, "pod")}, all listening from {Wording.Time(window.From)} to {Wording.Time(window.Until)}"
            : Wording.Count(members.Count, "pod"));
        foreach (var pod in result.LeftOut ?? [])
        {
            output.WriteLine($"  {pod.Pod} was left out: {pod.Reason}");
        }

        foreach (var member in members)
        {
            output.WriteLine();
            output.Write($"== {member.Pod}  ({member.Id})");
            Write(member, output);
        }

        WriteFaults(result, output);
        output.Flush();
    }

    private static string Headline(CaptureResult result) =>
        result.Status is { } state ? Headline(result, state) : Unless(result, "No capture was started.");

    private static string Headline(CaptureResult result, CaptureState state) => state switch
    {
        CaptureState.Completed when result.Verdict is { } verdict => $"{verdict}: {Wording.Count((result.Packets ?? 0) - (result.OwnPackets ?? 0), "packet")}, {Wording.Of(result.Bytes ?? 0)}, {Drops(result)}",
        CaptureState.Cancelled => "Cancelled: nothing is kept.",
        CaptureState.NotDiscarded => "Cancelled, but what had been fetched is not discarded yet. Whoever keeps it tries on until it is.",
        CaptureState.Denied => "Denied: nothing was changed.",
        CaptureState.Expired => "Not approved in time: nothing was changed.",
        CaptureState.Refused => Refused,
        CaptureState.RevokeUnproven => "The rights of this capture could not be proven gone.",
        CaptureState.Failed => Unless(result, "Failed: there is no usable file."),
        CaptureState.Completed or CaptureState.Planning or CaptureState.AwaitingApproval or CaptureState.Queued or CaptureState.Granting or CaptureState.Attaching or CaptureState.Capturing
            or CaptureState.Finishing or CaptureState.Retrieving or CaptureState.Storing or CaptureState.Cancelling or CaptureState.Revoking => Unless(result, $"Unfinished: last seen {CaptureWords.Of(state)}."),
    };

    // All the captures of a fleet may have been refused, or there was none to begin with.
    private static string Unless(CaptureResult result, string words) => result.ExitCode == ExitCodes.Refused ? Refused : words;

    private static string Drops(CaptureResult result) => (result.DroppedByKernel, result.DroppedByInterface) switch
    {
        (null, _) => "drops unknown",
        (0, 0) => "no drops",
        var (kernel, link) => string.Create(CultureInfo.InvariantCulture, $"{kernel:N0} dropped by the kernel, {link ?? 0:N0} by the interface"),
    };

    private static void WriteTriage(CaptureResult result, TextWriter output)
    {
        if (result.Triage is not { } card)
        {
            return;
        }

        output.WriteLine();
        Line(output, "shows", card.Summary);
        foreach (var finding in card.Findings.Take(MostFindings))
        {
            Line(output, Word(finding.Severity), $"{finding.Subject}: {finding.Says}{Packets(finding)}");
        }

        var more = card.Findings.Count - Math.Min(card.Findings.Count, MostFindings) + card.FindingsLeftOut.Values.Sum();
        Line(output, string.Empty, more == 0 ? null : $"and {Wording.Count(more, "more finding")}: captureflow analyze {result.Path ?? "FILE"}");
    }

    private static string Word(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => "error",
        FindingSeverity.Warning => "warning",
        FindingSeverity.Note => "note",
    };

    private static string Packets(KeptFinding finding) => finding.Packets.Count == 0
        ? string.Empty
        : $", packet{(finding.Packets.Count == 1 ? string.Empty : "s")} {string.Join(", ", finding.Packets.Take(MostPackets))}{(finding.Count > MostPackets ? ", …" : string.Empty)}";

    private static void WriteFile(CaptureResult result, TextWriter output)
    {
        if (result.Path is null)
        {
            return;
        }

        output.WriteLine();
        Line(output, "file", result.Path);
        Line(output, "manifest", result.ManifestPath);
        Line(output, "sha-256", result.Sha256);
        Line(output, string.Empty, EvidencePaths.IsPcapng(result.Path) ? "of the stored pcap; captureflow verify finds it in the pcapng" : null);
        output.WriteLine();
        Line(output, "packets", string.Create(CultureInfo.InvariantCulture, $"{result.Packets}{(result.OwnPackets > 0 ? $", of which {result.OwnPackets} are CaptureFlow's own canaries and the answers to them" : string.Empty)}"));
        Line(output, "bytes", string.Create(CultureInfo.InvariantCulture, $"{result.Bytes}"));
        Line(output, "drops", $"{Known(result.DroppedByKernel)} by the kernel, {Known(result.DroppedByInterface)} by the interface");
    }

    private static string Known(long? count) => count?.ToString(CultureInfo.InvariantCulture) ?? "unknown";

    private static void WriteSeen(SeenTraffic? seen, TextWriter output)
    {
        if (seen is null)
        {
            return;
        }

        output.WriteLine();
        Line(output, "loopback", $"{Wording.Count(seen.LoopbackPackets, "packet")} between the application and its proxy, {seen.LoopbackPlaintext} with HTTP in the clear");
        Line(output, string.Empty, seen.LoopbackExample is { } line ? $"e.g. {line}" : null);
        Line(output, "eth0", $"{Wording.Count(seen.WirePackets, "packet")} on the wire, {seen.WireTls} with TLS records, {seen.WirePlaintext} with HTTP in the clear");
    }

    private static void WriteCompared(NodeComparison? compared, TextWriter output)
    {
        if (compared is not var (pod, path, node))
        {
            return;
        }

        output.WriteLine();
        Line(output, "the same", "traffic of one pod at the same time, by both methods:");
        output.WriteLine();
        output.WriteLine("             packets seen                 in the pod   on its node");
        Row("loopback, application and proxy", pod.LoopbackPackets, node.LoopbackPackets);
        Row("  with HTTP in the clear", pod.LoopbackPlaintext, node.LoopbackPlaintext);
        Row("wire", pod.WirePackets, node.WirePackets);
        Row("  with TLS records", pod.WireTls, node.WireTls);
        Row("  with HTTP in the clear", pod.WirePlaintext, node.WirePlaintext);
        output.WriteLine();
        Line(output, string.Empty, $"The node sees the wire alone: {pod.LoopbackPlaintext} requests and answers that the pod's capture can read never leave its loopback.");
        Line(output, string.Empty, pod.LoopbackExample is { } line ? $"e.g. {line}" : null);
        Line(output, string.Empty, "It sees a packet once on each of its interfaces that the packet passes, so it may count more of them.");
        Line(output, "pod file", path);

        void Row(string what, long inPod, long onNode) =>
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"             {what,-32}{inPod,7}{onNode,14}"));
    }

    private static void WriteProof(RevocationProof? proof, TextWriter output)
    {
        if (proof is null)
        {
            return;
        }

        output.WriteLine();
        Line(output, "revoked", proof.Proven ? "proven: every answer is the expected one" : "NOT PROVEN: an answer is not the expected one");
        foreach (var answer in proof.Answers)
        {
            var (mark, wanted) = answer.Holds ? ("ok", string.Empty) : ("NO", $" (expected {answer.Expected})");
            Line(output, string.Empty, $"{Wording.Time(answer.AskedAt)}  {mark}  {answer.Question}: {answer.Answer}{wanted}");
        }
    }

    private static void WriteFaults(CaptureResult result, TextWriter output)
    {
        foreach (var fault in result.Faults)
        {
            output.WriteLine();
            Line(output, fault.Code, fault.Message + (fault.Field is null ? string.Empty : $" ({fault.Field})"));
            Line(output, string.Empty, fault.Remedy);
            Line(output, string.Empty, fault.Detail);
        }

        foreach (var note in result.Notes)
        {
            output.WriteLine();
            output.WriteLine($"  {note}");
        }
    }

    private static void Line(TextWriter output, string label, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            output.WriteLine(label.Length > 9 ? $"  {label}\n  {string.Empty,-9}  {text}" : $"  {label,-9}  {text}");
        }
    }
}
