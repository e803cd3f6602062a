using System.Collections.Concurrent;
using CaptureFlow.Local.Durable;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Orchestrations.Tests.Engine;

/// <summary>Many captures and their ledger on the real embedded engine; each grant waits until it is told to go on.</summary>
internal sealed class AdmissionLab : IAsyncDisposable
{
    private readonly EngineLab _engine;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _inside = [];
    private readonly ConcurrentQueue<string> _admitted = new();
    private readonly Func<CaptureOrder, AdmissionTerms> _terms;

    public AdmissionLab(Func<CaptureOrder, AdmissionTerms> terms)
    {
        _terms = terms;
        _engine = new EngineLab(new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50)), Registry());
    }

    /// <summary>The captures that came to their grant, in that order.</summary>
    public IReadOnlyList<string> Admitted => [.. _admitted];

    public Task StartAsync() => _engine.StartAsync();

    public Task OrderAsync(string id, string by = "tests") => _engine.Client.ScheduleNewOrchestrationInstanceAsync(
        nameof(CaptureOrchestrator), FakeSteps.Order with { CaptureId = id, RequestedBy = by }, new StartOrchestrationOptions(id));

    /// <summary>A request without a capture behind it.</summary>
    public Task AskAsync(string id, int second) => AskAsync(new AdmissionMessage(
        new(id, _terms(FakeSteps.Order).Claims, true, DateTimeOffset.UnixEpoch.AddYears(60).AddSeconds(second), DateTimeOffset.UnixEpoch.AddYears(70), TimeSpan.FromMinutes(30)), null));

    /// <summary>Lets a capture that holds a place end.</summary>
    public void GoOn(string id) => Inside(id).TrySetResult();

    public Task RaiseAsync(string id, string eventName) => _engine.Client.RaiseEventAsync(id, eventName, new EndRequest("tests"));

    /// <summary>What an operator's portal does, and CaptureFlow never.</summary>
#pragma warning disable RS0030
    public Task TerminateAsync(string id) => _engine.Client.TerminateInstanceAsync(id);
#pragma warning restore RS0030

    public Task<CaptureProgress?> ProgressAsync(string id) => _engine.StatusAsync<CaptureProgress>(id);

    public async Task<AdmissionSummary?> LedgerAsync() => await _engine.StatusAsync<AdmissionSummary>(AdmissionLedger.InstanceId);

    public Task<OrchestrationMetadata?> LedgerInstanceAsync() => _engine.Client.GetInstanceAsync(AdmissionLedger.InstanceId, getInputsAndOutputs: true, CancellationToken.None);

    /// <summary>Waits, without letting time pass, until something is so.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"never: {what}");
            await Task.Delay(5);
        }
    }

    public Task UntilPlaceAsync(string id, int place) => UntilAsync($"{id} has place {place}", async () => (await ProgressAsync(id))?.Queue?.Place == place);

    public Task UntilAdmittedAsync(string id) => UntilAsync($"{id} is admitted", () => Task.FromResult(_admitted.Contains(id)));

    public Task PassUntilAsync(string what, Func<Task<bool>> condition) => _engine.PassUntilAsync(() => what, condition);

    public Task<CaptureReport> EndAsync(string id) => _engine.EndAsync<CaptureReport>(id, () => $"the end of {id}");

    public async Task<CaptureReport> EndWithoutTimeAsync(string id) =>
        (await _engine.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(TimeSpan.FromSeconds(60))).ReadOutputAs<CaptureReport>()!;

    public ValueTask DisposeAsync()
    {
        foreach (var inside in _inside.Values)
        {
            inside.TrySetResult();
        }

        return _engine.DisposeAsync();
    }

    private TaskCompletionSource Inside(string id) => _inside.GetOrAdd(id, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private DurableRegistry Registry() => new DurableRegistry()
        .AddOrchestrator<CaptureOrder, CaptureReport>(nameof(CaptureOrchestrator), (context, order) => new CaptureOrchestrator().RunAsync(context, order))
        .AddOrchestrator<AdmissionState, AdmissionSummary>(nameof(AdmissionOrchestrator), (context, state) => new AdmissionOrchestrator().RunAsync(context, state))
        .AddActivity<CaptureOrder, StepResult<CapturePlan>>(CaptureSteps.PlanCapture, (order, _) => Task.FromResult(StepResult.Of(
            new CapturePlan(order, "pod", "uid", "node", "image", ["tcpdump"], 10, 1000, TimeSpan.FromMinutes(10), "all", [], DateTimeOffset.UnixEpoch) { Admission = _terms(order) })))
        .AddActivity<AdmissionMessage, StepResult<AdmissionAsked>>(CaptureSteps.AskAdmission, (message, _) => AskAsync(message))
        .AddActivity<CapturePlan, StepResult<Grant>>(CaptureSteps.GrantPermission, (plan, _) => GrantAsync(plan.Order.CaptureId))
        .AddActivity<RevokeRequest, StepResult<RevocationProof>>(CaptureSteps.RevokePermission, (_, _) => Task.FromResult(StepResult.Of(new RevocationProof(true, []))))
        .AddActivity<string, StepResult<Discarded>>(CaptureSteps.DiscardCapture, (id, _) => Task.FromResult(StepResult.Of(new Discarded(id))));

    /// <summary>How often each capture has asked; from the second time on it may be told to fail.</summary>
    public ConcurrentDictionary<string, int> Asked { get; } = new();

    /// <summary>Whether asking again fails.</summary>
    public bool AskingAgainFails { get; init; }

    private async Task<StepResult<AdmissionAsked>> AskAsync(AdmissionMessage message)
    {
        if (Asked.AddOrUpdate(message.Request!.CaptureId, 1, (_, asked) => asked + 1) > 1 && AskingAgainFails)
        {
            throw new InvalidOperationException("The task hub is away.");
        }

        var client = _engine.Client;
        try
        {
            var once = new StartOrchestrationOptions(AdmissionLedger.InstanceId)
                .WithDedupeStatuses(OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended);
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(AdmissionOrchestrator), AdmissionState.Empty, once);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // Another capture was first.
        }

        await client.RaiseEventAsync(AdmissionLedger.InstanceId, AdmissionLedger.Message, message);
        return StepResult.Of(new AdmissionAsked(message.Request.CaptureId));
    }

    private async Task<StepResult<Grant>> GrantAsync(string id)
    {
        _admitted.Enqueue(id);
        await Inside(id).Task;
        return StepResult.Fault<Grant>(FakeSteps.Fault);
    }
}
