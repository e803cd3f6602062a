using CaptureFlow.Functions.Triage;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Notifications;

/// <summary>Looks whether a capture has ended, and who wants to hear of it. A pure read.</summary>
public sealed class ReadEndingFunction(TriageCards cards, IOptions<NotificationsOptions> options)
{
    [Function(NotificationSteps.ReadEnding)]
    public async Task<EndingSeen> RunAsync([ActivityTrigger] string captureId, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var instance = await client.GetInstanceAsync(captureId, getInputsAndOutputs: true, cancellationToken);
        if (instance is not { IsCompleted: true })
        {
            return new(null, [], Unknown: instance is null);
        }

        var ending = Endings.Of(instance) with { Callback = Endings.CallbackOf(instance) };
        if (ending is { Fleet: false, HasManifest: true })
        {
            ending = ending with { Triage = await cards.TryReadInShortAsync(captureId, cancellationToken) };
        }

        var word = NotificationText.Word(ending.State);
        var receivers = options.Value.Receivers.Where(receiver => receiver.Value.Outcomes.Count == 0 || receiver.Value.Outcomes.Contains(word)).Select(receiver => receiver.Key);
        return new(ending, [.. receivers, .. ending.Callback is null ? (string[])[] : [Callbacks.ReceiverName]]);
    }
}
