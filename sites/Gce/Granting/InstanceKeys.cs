using CaptureFlow.Orchestrations;
using Google.Cloud.Compute.V1;

namespace CaptureFlow.Sites.Gce;

/// <summary>
/// The metadata of an instance, <c>ssh-keys</c> above all. Every edit is made under the fingerprint of what was read, is made again when somebody else was faster, and
/// counts as done when the instance itself says so, however slow the operation was.
/// </summary>
internal sealed class InstanceKeys(ComputeCalls calls, TimeProvider time)
{
    private const string Item = "ssh-keys";

    private static readonly TimeSpan EditWithin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <summary>The instance with its metadata; null when there is none of the name.</summary>
    public async Task<Instance?> TryFindAsync(NodeInstance instance, CancellationToken cancellationToken)
    {
        try
        {
            return await calls.AskAsync(
                $"read the instance {instance}",
                (client, token) => client.GetAsync(new GetInstanceRequest { Project = instance.Project, Zone = instance.Zone, Instance = instance.Name }, token),
                cancellationToken);
        }
        catch (GceRefusalException refusal) when (refusal.Absent)
        {
            return null;
        }
    }

    /// <summary>Our keys on an instance.</summary>
    public static IReadOnlyList<SshKeyLine> Of(Instance instance) => SshKeysText.Ours(Value(instance, Item));

    /// <summary>A metadata value of the instance alone; null when it has none.</summary>
    public static string? Setting(Metadata? metadata, string key) => metadata?.Items.FirstOrDefault(item => item.Key == key)?.Value;

    public Task EnsureKeyAsync(NodeInstance instance, SshKeyLine line, CancellationToken cancellationToken) =>
        EnsureItemAsync(instance, Item, found => SshKeysText.With(Value(found, Item), line), cancellationToken);

    /// <summary>Removes those of our keys that <paramref name="goes"/> says; an instance that is gone has none.</summary>
    public Task EnsureNoKeysAsync(NodeInstance instance, Func<SshKeyLine, bool> goes, CancellationToken cancellationToken) =>
        EnsureItemAsync(instance, Item, found => SshKeysText.Without(Value(found, Item), goes), cancellationToken);

    /// <summary>Has an item of the metadata be what <paramref name="edit"/> makes of the instance; with an empty text there is none.</summary>
    /// <returns>The instance as it was seen with it; null when there is none of the name.</returns>
    public async Task<Instance?> EnsureItemAsync(NodeInstance instance, string item, Func<Instance, string> edit, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + EditWithin;
        var conflict = "the edit was accepted and never seen";
        while (time.GetUtcNow() < deadline)
        {
            var found = await TryFindAsync(instance, cancellationToken);
            if (found is null || edit(found) == Value(found, item))
            {
                return found;
            }

            try
            {
                await WriteAsync(instance, found, item, edit(found), cancellationToken);
                await WaitChangedAsync(instance, found.Metadata.Fingerprint, cancellationToken);
            }
            catch (ComputeConflictException e)
            {
                conflict = e.Message;
                await calls.PauseAsync(Poll * Random.Shared.NextDouble(), cancellationToken);
            }
        }

        throw new StepUnavailableException($"edit the metadata of {instance}: {conflict}");
    }

    private Task<bool> WriteAsync(NodeInstance instance, Instance found, string key, string value, CancellationToken cancellationToken)
    {
        var metadata = new Metadata { Fingerprint = found.Metadata.Fingerprint };
        metadata.Items.Add(found.Metadata.Items.Where(item => item.Key != key));
        if (value.Length > 0)
        {
            metadata.Items.Add(new Items { Key = key, Value = value });
        }

        return calls.AskAsync(
            $"set the metadata of {instance}",
            async (client, token) =>
            {
                await client.SetMetadataAsync(
                    new SetMetadataInstanceRequest { Project = instance.Project, Zone = instance.Zone, Instance = instance.Name, MetadataResource = metadata }, token);
                return true;
            },
            cancellationToken);
    }

    // The operation goes on by itself. Its own end would be known no earlier, and says nothing of a run that asks after a crash.
    private async Task WaitChangedAsync(NodeInstance instance, string fingerprint, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + SeenWithin;
        while (time.GetUtcNow() < deadline && await TryFindAsync(instance, cancellationToken) is { } found && found.Metadata.Fingerprint == fingerprint)
        {
            await calls.PauseAsync(Poll, cancellationToken);
        }
    }

    private static string Value(Instance instance, string item) => Setting(instance.Metadata, item) ?? string.Empty;
}
