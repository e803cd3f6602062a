using System.Text;
using CaptureFlow.Analysis;
using CaptureFlow.Functions.Tests.Api;
using CaptureFlow.Functions.Tests.Telemetry;
using CaptureFlow.Functions.Triage;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Functions.Tests.Triage;

/// <summary>Cards are made once, in bounded time, and cost a capture nothing when they are not.</summary>
public sealed class TriageCardsTests : IDisposable
{
    private readonly CardStore _store = new();
    private readonly TriageOptions _options = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RecordedLog _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly TriageCards _cards;

    public TriageCardsTests()
    {
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _cards = new(_store, Options.Create(_options), _time, _loggers.CreateLogger<TriageCards>());
    }

    public void Dispose()
    {
        _cards.Dispose();
        _loggers.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task EnsureAtEndAsync_StoredFile_BothFormsOfTheCardOfThatFile()
    {
        await _cards.EnsureAtEndAsync(_store.Id, default);

        using MemoryStream file = new(FakeSite.File);
        var card = await CaptureAnalyzer.AnalyzeAsync(file, new(), default);
        Assert.Equal(["triage.json", "triage.md"], _store.Kept.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(CardJson.Write(card), Encoding.UTF8.GetString(_store.Kept["triage.json"]));
        Assert.Equal(CardMarkdown.Write(card), Encoding.UTF8.GetString(_store.Kept["triage.md"]));
    }

    [Fact]
    public async Task EnsureAtEndAsync_Repeated_ReadsTheFileOnce()
    {
        await _cards.EnsureAtEndAsync(_store.Id, default);
        await _cards.EnsureAtEndAsync(_store.Id, default);

        Assert.Equal(1, _store.Reads);
    }

    [Fact]
    public async Task EnsureAtEndAsync_KilledBetweenTheTwoForms_MakesTheOther()
    {
        await _cards.EnsureAtEndAsync(_store.Id, default);
        _store.Kept.Remove("triage.json");

        await _cards.EnsureAtEndAsync(_store.Id, default);

        Assert.Equal(2, _store.Kept.Count);
    }

    [Fact]
    public async Task EnsureAtEndAsync_FileThatStalls_EndsAfterItsTimeAndIsMadeLater()
    {
        TaskCompletionSource asked = new();
        _store.File = () => new StalledStream(asked.SetResult);

        var ending = _cards.EnsureAtEndAsync(_store.Id, default);
        await asked.Task;
        _time.Advance(_options.AtEnd);
        await ending;

        Assert.Empty(_store.Kept);
        Assert.Contains(_log.Entries, entry => entry.Text.Contains("longer than 00:01:00", StringComparison.Ordinal));
        _store.File = () => new MemoryStream(FakeSite.File);
        Assert.NotNull((await _cards.GetAsync(_store.Id, EvidenceFiles.Triage, default)).Card);
    }

    [Fact]
    public async Task EnsureAtEndAsync_AnythingThatFails_CostsTheCaptureNothing()
    {
        foreach (var failure in new[] { Outage.Refuses, Outage.Away, (Exception)new InvalidOperationException("a defect") })
        {
            _store.Refuses = failure;
            await _cards.EnsureAtEndAsync(_store.Id, default);
        }

        Assert.Empty(_store.Kept);
        Assert.Equal(3, _log.Entries.Count(entry => entry.Text.Contains("no triage card", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task EnsureAtEndAsync_HostGoesDown_IsSaidSoThatTheStepIsRepeated()
    {
        TaskCompletionSource asked = new();
        using CancellationTokenSource down = new();
        _store.File = () => new StalledStream(asked.SetResult);

        var ending = _cards.EnsureAtEndAsync(_store.Id, down.Token);
        await asked.Task;
        await down.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ending);
    }

    [Fact]
    public async Task EnsureAtEndAsync_TurnedOff_DoesNotRead()
    {
        _options.AtEnd = TimeSpan.Zero;

        await _cards.EnsureAtEndAsync(_store.Id, default);

        Assert.Equal(0, _store.Reads);
    }

    [Fact]
    public async Task GetAsync_SeveralAtOnce_AnalyzesOnce()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _cards.GetAsync(_store.Id, EvidenceFiles.Triage, default))));

        Assert.All(answers, answer => Assert.Equal(_store.Kept["triage.json"], answer.Card));
        Assert.Equal(1, _store.Reads);
    }

    [Fact]
    public async Task GetAsync_FileThatStalls_SaysThatItWasNotMadeInTime()
    {
        TaskCompletionSource asked = new();
        _store.File = () => new StalledStream(asked.SetResult);

        var asking = _cards.GetAsync(_store.Id, EvidenceFiles.Triage, default);
        await asked.Task;
        _time.Advance(_options.OnDemand);
        var answer = await asking;

        Assert.Equal((503, FaultCodes.TriageNotMade), (answer.Status, answer.Why!.Code));
    }

    [Fact]
    public async Task GetAsync_FileThatCannotBeReadOn_HasACode()
    {
        _store.File = () => new StalledStream(() => throw new InvalidDataException("a broken store"));

        var answer = await _cards.GetAsync(_store.Id, EvidenceFiles.Triage, default);

        Assert.Equal((503, FaultCodes.TriageNotMade), (answer.Status, answer.Why!.Code));
        Assert.Empty(_store.Kept);
    }

    [Fact]
    public async Task GetAsync_NoCardAndNoneOnDemand_SaysSo()
    {
        _options.OnDemand = TimeSpan.Zero;

        var answer = await _cards.GetAsync(_store.Id, EvidenceFiles.Triage, default);

        Assert.Equal((404, FaultCodes.TriageNotMade, 0), (answer.Status, answer.Why!.Code, _store.Reads));
    }

    [Fact]
    public async Task GetAsync_NothingToMakeItOf_IsNotFound()
    {
        var id = _store.Id;
        var unknown = await _cards.GetAsync(CaptureIds.New(), EvidenceFiles.Triage, default);
        _store.Manifest = _store.Manifest! with { Evidence = _store.Manifest.Evidence with { FileName = null } };
        var empty = await _cards.GetAsync(id, EvidenceFiles.Triage, default);
        var hostile = await _cards.GetAsync("../../etc", EvidenceFiles.Triage, default);

        Assert.All([unknown, empty, hostile], answer => Assert.Equal((404, FaultCodes.FileNotFound), (answer.Status, answer.Why!.Code)));
        Assert.Contains("stored no file", empty.Why!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryReadInShortAsync_NoCardOrADamagedOne_IsNull()
    {
        Assert.Null(await _cards.TryReadInShortAsync(_store.Id, default));
        _store.Kept["triage.json"] = "{\"summary\":"u8.ToArray();
        Assert.Null(await _cards.TryReadInShortAsync(_store.Id, default));

        Assert.Equal(0, _store.Reads);
    }

    [Fact]
    public void InShort_FindingsLeftOut_AreCountedWithTheirKind()
    {
        KeptFinding Of(string code, FindingSeverity severity) => new(code, severity, "says", "means", "subject", 1, []);
        KeptCard card = new()
        {
            Summary = new('x', 1_000),
            Findings = [Of("a", FindingSeverity.Error), Of("a", FindingSeverity.Error), Of("b", FindingSeverity.Warning), Of("c", FindingSeverity.Note)],
            FindingsLeftOut = new Dictionary<string, int> { ["a"] = 5, ["c"] = 1 },
        };

        var inShort = card.InShort();

        Assert.Equal((7, 1, 2), (inShort.Errors, inShort.Warnings, inShort.Notes));
        Assert.Equal(TriageInShort.LongestSummary, inShort.Summary.Length);
    }
}
