using System.Text.Json;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Local.Hosting;

/// <summary>
/// Remembers in the state folder where the clusters are that its captures were begun in. With another cluster behind the same name, what is to be taken
/// back would not be found there, and its revocation be called proven.
/// </summary>
internal static class StateClusters
{
    public const string FileName = "clusters.json";

    /// <summary>Notes the addresses; to be called before anything runs.</summary>
    /// <exception cref="HostRefusedException">Something is under way, and a cluster's address is not the one that it was begun with.</exception>
    public static async Task HoldAsync(string stateFolder, ClusterAddresses addresses, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var file = Path.Combine(stateFolder, FileName);
        var now = addresses.Read();
        var before = await ReadAsync(file, cancellationToken);
        foreach (var (name, server) in now)
        {
            if (before.TryGetValue(name, out var known) && known != server && await IsUnderWayAsync(client, cancellationToken))
            {
                throw new HostRefusedException(
                    $"Captures are under way in the state folder '{stateFolder}', begun in cluster {name} at {known}; the configuration now leads to {server}.",
                    $"Name the cluster they were begun in (--kubeconfig, --context). If it is the same one at a new address: rm '{file}'");
            }
        }

        // A cluster that is not configured now keeps its place: it may come back.
        var all = before.Concat(now).GroupBy(pair => pair.Key).ToDictionary(same => same.Key, same => same.Last().Value, StringComparer.Ordinal);
        if (all.Count > before.Count || all.Except(before).Any())
        {
            await PrivateFiles.ReplaceTextAsync(file, JsonSerializer.Serialize(all), cancellationToken);
        }
    }

    private static async Task<Dictionary<string, string>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(file, cancellationToken)) ?? [];
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return [];
        }
    }

    private static async Task<bool> IsUnderWayAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        OrchestrationQuery unfinished = new()
        {
            Statuses = [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended],
        };
        await foreach (var instance in client.GetAllInstancesAsync(unfinished).WithCancellation(cancellationToken))
        {
            // The line of captures never ends, and belongs to no cluster.
            if (instance.InstanceId != AdmissionLedger.InstanceId)
            {
                return true;
            }
        }

        return false;
    }
}
