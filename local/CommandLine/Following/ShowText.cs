using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Prints a capture of a server for people.</summary>
internal static class ShowText
{
    public static void WriteOrder(CaptureStatus status, TextWriter output)
    {
        output.WriteLine($"capture {status.Id}: {CaptureWords.Of(status.Status)}");
        Line(output, "target", status.Order?.Target?.ToString());
        if (status.Order?.Window is { } window)
        {
            Line(output, "window", $"{Wording.Of(window.Duration)}, at most {Wording.Of(window.MaxBytes)}");
        }

        Line(output, "filter", status.Order?.Filter);
        Line(output, "ordered", status.CreatedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        Line(output, "by", status.Order?.RequestedBy);
        Line(output, "reason", status.Order?.Reason);
        Line(output, "waits", StepWords.Waiting(status));
    }

    public static void WriteSteps(CaptureStatus status, TextWriter output)
    {
        if (status.Progress?.Timeline is not { Count: > 0 } timeline)
        {
            return;
        }

        output.WriteLine();
        foreach (var step in timeline)
        {
            var took = step.EndedAt is { } ended
                ? string.Create(CultureInfo.InvariantCulture, $"{step.Fault ?? "done"} in {(ended - step.StartedAt).TotalSeconds:0.0} s")
                : "under way";
            Line(output, StepWords.Of(step.Step), $"{Wording.Time(step.StartedAt)}  {took}");
        }
    }

    /// <summary>How it ended, with what its file shows; of one that goes on, how to follow it.</summary>
    public static async Task WriteEndAsync(
        ICaptureApi api, CaptureStatus status, Uri server, TextWriter output, CancellationToken cancellationToken)
    {
        if (!status.Ended)
        {
            output.WriteLine();
            WriteMembers(status, output);
            WriteFaults(status.Faults, output);
            output.WriteLine(WatchSession.ToFollow(status.Id, server));
        }
        else if (status.Members is { Count: > 0 })
        {
            output.WriteLine();
            WriteMembers(status, output);
            WriteFaults(status.Faults, output);
            output.WriteLine($"To see one of them: captureflow show ID --server {server}");
        }
        else
        {
            var result = CaptureResult.Of(new(status.Id, status, null, Abandoned: false));
            var card = status.Evidence?.FileName is null ? null : (await api.TriageAsync(status.Id, cancellationToken)).Value;
            ResultText.Write(result with { Triage = card, Notes = [.. result.Notes, .. ToDownload(status, server)] }, output);
        }

        await output.FlushAsync(CancellationToken.None);
    }

    private static IEnumerable<string> ToDownload(CaptureStatus status, Uri server)
    {
        if (status.Evidence?.FileName is not null)
        {
            yield return $"SHA-256 of the file: {status.Evidence.Sha256}";
            yield return $"To bring it here: captureflow download {status.Id} --server {server}";
        }
    }

    private static void WriteMembers(CaptureStatus status, TextWriter output)
    {
        foreach (var member in status.Members ?? [])
        {
            var size = member.Bytes is { } bytes ? $"  {Wording.Of(bytes)}" : string.Empty;
            output.WriteLine($"  {member.Id}  {member.Pod}  {CaptureWords.Of(member.Status)}  {member.Verdict?.ToString() ?? "-"}{size}");
            WriteFaults(member.Faults, output);
        }

        foreach (var pod in status.LeftOut ?? [])
        {
            output.WriteLine($"  {pod.Pod} was left out: {pod.Reason}");
        }
    }

    private static void WriteFaults(IEnumerable<CaptureFault> faults, TextWriter output)
    {
        foreach (var fault in faults)
        {
            output.WriteLine($"    {fault.Code}: {fault.Message} {fault.Remedy}".TrimEnd());
        }
    }

    private static void Line(TextWriter output, string label, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            output.WriteLine($"  {label,-9}  {text}");
        }
    }
}
