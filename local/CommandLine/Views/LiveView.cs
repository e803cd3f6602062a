using System.Globalization;
using CaptureFlow.Orchestrations;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The steps as a table that is redrawn in place, with a bar for the window.</summary>
internal sealed class LiveView(IAnsiConsole console, TimeProvider time) : ICaptureView
{
    private const int BarCells = 28;
    private const string Spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private LiveDisplayContext? _live;
    private string? _said;
    private int _frame;

    public async Task<T> WhileAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await console.Live(new Text(string.Empty)).AutoClear(false).StartAsync(live =>
            {
                _live = live;
                return work();
            });
        }
        finally
        {
            _live = null;
        }
    }

    public void Show(CaptureStatus status)
    {
        _frame++;
        _live?.UpdateTarget(Draw(status));
    }

    public void Say(string sentence)
    {
        _said = sentence;
        if (_live is null)
        {
            console.WriteLine(sentence);
        }
    }

    private Rows Draw(CaptureStatus status)
    {
        if (status.Members is { Count: > 0 } members)
        {
            return DrawMembers(status, members);
        }

        var table = new Table().NoBorder().HideHeaders().AddColumns(new TableColumn("mark").Width(1), new TableColumn("step").Width(9), new TableColumn("what"));
        var timeline = status.Progress?.Timeline ?? [];
        foreach (var step in StepWords.Shown([.. timeline.Select(s => s.Step)]))
        {
            var record = timeline.LastOrDefault(s => s.Step == step);
            if (record is not null || !status.Ended)
            {
                table.AddRow(Mark(record), new Text(StepWords.Of(step)), What(record, status.Progress));
            }
        }

        return new Rows([new Text($"capture {status.Id}", new Style(decoration: Decoration.Dim)), table, .. Notes(status)]);
    }

    private IEnumerable<IRenderable> Notes(CaptureStatus status) =>
        new[] { StepWords.Waiting(status), _said }.OfType<string>().Select(note => new Text(note, Color.Yellow));

    private Rows DrawMembers(CaptureStatus status, IReadOnlyList<MemberStatus> members)
    {
        var table = new Table().NoBorder().HideHeaders().AddColumns(new TableColumn("mark").Width(1), new TableColumn("pod"), new TableColumn("what"));
        foreach (var member in members)
        {
            var ended = CaptureStatus.IsEnd(member.Status);
            var good = member.Status == CaptureState.Completed;
            var mark = ended ? new Text(good ? "✓" : "✗", good ? Color.Green : Color.Red) : new Text(Spinner[_frame % Spinner.Length].ToString(), Color.Aqua);
            var what = $"{member.Verdict?.ToString() ?? CaptureWords.Of(member.Status)}{(member.Bytes is { } bytes ? $"  {Wording.Of(bytes)}" : string.Empty)}{(member.Faults is [var fault, ..] ? $"  {fault.Code}" : string.Empty)}";
            table.AddRow(mark, new Text(member.Pod), new Text(what));
        }

        List<IRenderable> rows = [new Text($"capture {status.Id}, {Wording.Count(members.Count, "pod")}", new Style(decoration: Decoration.Dim)), table];
        if (status is { Window: { } window, Ended: false })
        {
            rows.Add(Bar(window.From, window.Until, null));
        }

        return new Rows([.. rows, .. Notes(status)]);
    }

    private Text Mark(StepRecord? step) => step switch
    {
        null => new("·", new Style(decoration: Decoration.Dim)),
        { EndedAt: null } => new(Spinner[_frame % Spinner.Length].ToString(), Color.Aqua),
        { Fault: null } => new("✓", Color.Green),
        _ => new("✗", Color.Red),
    };

    private Text What(StepRecord? step, CaptureProgress? progress)
    {
        if (step is null)
        {
            return new(string.Empty);
        }

        if (step is { Step: CaptureSteps.CaptureWindow, EndedAt: null } && progress is { WindowStartedAt: { } start, WindowEndsAt: { } end })
        {
            return Bar(start, end, progress.Bytes);
        }

        var seconds = ((step.EndedAt ?? time.GetUtcNow()) - step.StartedAt).TotalSeconds;
        return new(string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, seconds),5:0.0} s  {step.Fault}").TrimEnd(), step.Fault is null ? Style.Plain : Color.Red);
    }

    private Text Bar(DateTimeOffset start, DateTimeOffset end, long? bytes)
    {
        var window = (end - start).TotalSeconds;
        // The server's clock may differ from this one's: stay inside the bar.
        var passed = Math.Clamp((time.GetUtcNow() - start).TotalSeconds, 0, window);
        var full = window > 0 ? (int)(BarCells * passed / window) : BarCells;
        var size = bytes is { } count ? $"  {Wording.Of(count)}" : string.Empty;
        return new(string.Create(CultureInfo.InvariantCulture, $"{new string('█', full)}{new string('░', BarCells - full)} {passed:0.0} of {window:0.0} s{size}"), Color.Aqua);
    }
}
