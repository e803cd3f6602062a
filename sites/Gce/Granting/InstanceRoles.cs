using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using Google.Cloud.Compute.V1;

namespace CaptureFlow.Sites.Gce;

/// <summary>
/// The roles that a capture grants on one instance, each in a binding of its own whose condition expires. Written under the policy's etag; conditions
/// are only kept, and only told, in policies of version 3.
/// </summary>
internal sealed class InstanceRoles(ComputeCalls calls, TimeProvider time)
{
    private const int WithConditions = 3;
    private const string Title = "captureflow ";

    private static readonly TimeSpan EditWithin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>The capture that made a binding; null for anybody else's.</summary>
    public static string? CaptureOf(Binding binding) =>
        binding.Condition?.Title is { } title && title.StartsWith(Title, StringComparison.Ordinal) && CaptureIds.IsValid(title[Title.Length..]) ? title[Title.Length..] : null;

    /// <summary>When a binding of ours expires; null when its condition says something else.</summary>
    public static DateTimeOffset? ExpiresAt(Binding binding) =>
        binding.Condition?.Expression is { } text && text.StartsWith(Before, StringComparison.Ordinal) && text.EndsWith("\")", StringComparison.Ordinal)
            ? Rfc3339.TryRead(text[Before.Length..^2])
            : null;

    public Task EnsureAsync(
        NodeInstance instance, IEnumerable<string> roles, string member, string captureId, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        EditAsync(
            instance,
            policy =>
            {
                var missing = roles.Where(role => !policy.Bindings.Any(b => b.Role == role && CaptureOf(b) == captureId)).ToList();
                foreach (var role in missing)
                {
                    var binding = new Binding
                    {
                        Role = role,
                        Condition = new() { Title = Title + captureId, Description = "Made by CaptureFlow for one capture.", Expression = $"{Before}{Rfc3339.Write(expiresAt)}\")" },
                    };
                    binding.Members.Add(member);
                    policy.Bindings.Add(binding);
                }

                return missing.Count > 0;
            },
            cancellationToken);

    public Task EnsureNoneAsync(NodeInstance instance, Func<Binding, bool> goes, CancellationToken cancellationToken) =>
        EditAsync(
            instance,
            policy =>
            {
                var found = policy.Bindings.Where(b => CaptureOf(b) is not null && goes(b)).ToList();
                found.ForEach(b => policy.Bindings.Remove(b));
                return found.Count > 0;
            },
            cancellationToken);

    public Task<Policy> ReadAsync(NodeInstance instance, CancellationToken cancellationToken) => calls.AskAsync(
        $"read the IAM policy of {instance}",
        (client, token) => client.GetIamPolicyAsync(
            new GetIamPolicyInstanceRequest { Project = instance.Project, Zone = instance.Zone, Resource = instance.Name, OptionsRequestedPolicyVersion = WithConditions }, token),
        cancellationToken);

    private const string Before = "request.time < timestamp(\"";

    private async Task EditAsync(NodeInstance instance, Func<Policy, bool> edit, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + EditWithin;
        while (true)
        {
            var policy = await ReadAsync(instance, cancellationToken);
            if (!edit(policy))
            {
                return;
            }

            policy.Version = WithConditions;
            try
            {
                await calls.AskAsync(
                    $"set the IAM policy of {instance}",
                    (client, token) => client.SetIamPolicyAsync(
                        new SetIamPolicyInstanceRequest
                        {
                            Project = instance.Project, Zone = instance.Zone, Resource = instance.Name, ZoneSetPolicyRequestResource = new() { Policy = policy },
                        },
                        token),
                    cancellationToken);
                return;
            }
            catch (ComputeConflictException e)
            {
                if (time.GetUtcNow() > deadline)
                {
                    throw new StepUnavailableException($"set the IAM policy of {instance}: {e.Message}", e);
                }

                await calls.PauseAsync(Pause * Random.Shared.NextDouble(), cancellationToken);
            }
        }
    }
}
