using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Health;

/// <summary>
/// Looks whether store and task hub answer, whether the state folder of a host that has one takes what is written, and what the last sweep of this instance saw of the clusters. Callers that come at once share one look: whoever
/// asks without a key cannot make it look more often.
/// </summary>
public sealed class ReadinessLook(ICaptureStore captures, CaptureInstruments instruments, IStateRoom? room = null)
{
    /// <summary>Of no capture: the answer that there is none is one.</summary>
    private const string Nobodys = "cf-0000000000000000";

    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private Task<Readiness>? _look;

    internal Task<Readiness> LookAsync(DurableTaskClient client)
    {
        lock (_lock)
        {
            return _look is { IsCompleted: false } under ? under : _look = LookOnceAsync(client);
        }
    }

    internal static ReadyCheck Clusters(SweepReport? seen) => seen is null
        ? new(ReadyStatus.Unknown, "This instance has not swept lately; another may have.")
        : seen.Faults.Count == 0
            ? new(ReadyStatus.Ok, $"The last sweep looked everywhere, in {Quantity.Count(seen.Clusters.Count, "cluster")}.", string.Join(", ", seen.Clusters))
            : new(ReadyStatus.Failed, "The last sweep could not look everywhere.", string.Join(" ", seen.Faults.Select(fault => $"{fault.Message} {fault.Remedy}")));

    internal static ReadyCheck LastSweep((SweepReport Report, TimeSpan Age)? last) => last is not { } sweep
        ? new(ReadyStatus.Unknown, "This instance has not swept yet; another may have.")
        : sweep.Age <= CaptureInstruments.SweepHolds
            ? new(ReadyStatus.Ok, $"The last sweep ended {sweep.Age.TotalSeconds:0} s ago.")
            : new(ReadyStatus.Unknown, $"The last sweep of this instance ended {sweep.Age.TotalSeconds:0} s ago; another may have swept since.");

    private async Task<Readiness> LookOnceAsync(DurableTaskClient client)
    {
        var store = AskAsync("store", token => captures.TryReadManifestAsync(Nobodys, token));
        var hub = AskAsync("task hub", token => client.GetInstanceAsync(AdmissionLedger.InstanceId, token));
        var folder = room is null ? null : RoomAsync(room);
        var last = instruments.LastSweep;
        Dictionary<string, ReadyCheck> checks = new()
        {
            ["store"] = await store,
            ["clusters"] = Clusters(last is { } sweep && sweep.Age <= CaptureInstruments.SweepHolds ? sweep.Report : null),
            ["taskHub"] = await hub,
            ["lastSweep"] = LastSweep(last),
        };
        if (folder is not null)
        {
            checks["stateFolder"] = await folder;
        }

        return Readiness.Of(checks);
    }

    private static async Task<ReadyCheck> RoomAsync(IStateRoom room)
    {
        var has = false;
        var tried = await AskAsync("state folder", async token => has = await room.HasRoomAsync(token));
        return tried.Status != ReadyStatus.Ok ? tried
            : has ? new(ReadyStatus.Ok, "The state folder takes what is written.", room.Folder)
            : new(ReadyStatus.Failed, "There is no room left in the state folder: nothing is begun until there is.", $"Make room on the file system of {room.Folder}.");
    }

    private static async Task<ReadyCheck> AskAsync(string what, Func<CancellationToken, Task> ask)
    {
        using CancellationTokenSource cap = new(Cap);
        try
        {
            await Task.Run(() => ask(cap.Token), cap.Token).WaitAsync(cap.Token);
            return new(ReadyStatus.Ok, $"The {what} answers.");
        }
        catch (OperationCanceledException)
        {
            return new(ReadyStatus.Failed, $"The {what} did not answer within {Cap.TotalSeconds:0} s.");
        }
        catch (Exception e)
        {
            // A boundary: each backend has exceptions of its own, and what it is asked is whether there is one.
            return new(ReadyStatus.Failed, $"The {what} does not answer.", e.Message);
        }
    }
}
