using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>One line per thing that happened, for logs and pipes.</summary>
/// <param name="output">Where they go.</param>
/// <param name="ordered">Whether the capture was ordered just now, and is not one that somebody ordered before.</param>
internal sealed class PlainView(TextWriter output, bool ordered = true) : ICaptureView
{
    private readonly HashSet<string> _told = [];
    private string? _id;

    public Task<T> WhileAsync<T>(Func<Task<T>> work) => work();

    public void Show(CaptureStatus status)
    {
        if (_id is null)
        {
            _id = status.Id;
            output.WriteLine($"capture {_id} {(ordered ? "accepted" : CaptureWords.Of(status.Status))}");
        }

        foreach (var member in status.Members ?? [])
        {
            Tell($"{member.Id} {member.Status}", $"{member.Pod,-24} {CaptureWords.Of(member.Status)}{(member.Faults is [var fault, ..] ? $": {fault.Code}" : string.Empty)}");
        }

        if (StepWords.Waiting(status) is { } waiting)
        {
            Tell(waiting, $"{StepWords.Of(status.Status == CaptureState.Queued ? CaptureSteps.AwaitAdmission : CaptureSteps.AwaitApproval),-9} {waiting}");
        }

        if (status.Window is { } window)
        {
            Tell("window", string.Create(CultureInfo.InvariantCulture, $"all listen   until {window.Until:HH:mm:ss}Z"));
        }

        foreach (var step in status.Progress?.Timeline ?? [])
        {
            if (step.EndedAt is not null)
            {
                Tell($"{step.Step} {step.StartedAt:O} ended", Ended(step, status.Progress!.Bytes));
            }
            else if (step.Step == CaptureSteps.CaptureWindow && status.Progress is { WindowStartedAt: { } start, WindowEndsAt: { } end })
            {
                Tell($"{step.Step} begun", string.Create(CultureInfo.InvariantCulture, $"{StepWords.Of(step.Step),-9} listening for {Wording.Of(end - start)}, until {end:HH:mm:ss}Z"));
            }
        }

        // Also with nothing new: this is how a reader that is gone is noticed.
        output.Flush();
    }

    public void Say(string sentence)
    {
        output.WriteLine(sentence);
        output.Flush();
    }

    private static string Ended(StepRecord step, long? bytes)
    {
        var seconds = (step.EndedAt!.Value - step.StartedAt).TotalSeconds;
        var size = step is { Step: CaptureSteps.CaptureWindow, Fault: null } && bytes is { } count ? $", {Wording.Of(count)} seen" : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"{StepWords.Of(step.Step),-9} {step.Fault ?? "done"} in {seconds:0.0} s{size}");
    }

    private void Tell(string key, string line)
    {
        if (_told.Add(key))
        {
            output.WriteLine(line);
        }
    }
}
