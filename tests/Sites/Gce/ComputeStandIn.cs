using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Cloud.Compute.V1;
using Google.LongRunning;
using Grpc.Core;
using Metadata = Google.Cloud.Compute.V1.Metadata;
using Operation = Google.Cloud.Compute.V1.Operation;

namespace CaptureFlow.Sites.Tests.Gce;

/// <summary>Compute Engine, as far as captures ask it, at the level of Google's client: fingerprints, etags, conflicts and slow operations.</summary>
internal sealed class ComputeStandIn : InstancesClient
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _items = [];
    private int _fingerprint;
    private Policy _policy = new();
    private int _etag;

    public ComputeStandIn(string name = "node-1") => Name = name;

    public string Name { get; }

    /// <summary>Another one for each instance, whatever its name.</summary>
    public ulong Id { get; set; } = 4_711;

    /// <summary>Called with the new <c>ssh-keys</c> whenever they change: the node's guest agent.</summary>
    public Action<string> Agent { get; set; } = _ => { };

    public List<(string Kind, string Key)> HostKeys { get; } = [];

    /// <summary>How many writes meet somebody else's first.</summary>
    public int Conflicts { get; set; }

    /// <summary>How many reads an accepted write takes until it is seen.</summary>
    public int SlowReads { get; set; }

    /// <summary>Refuses every write.</summary>
    public bool Forbidden { get; set; }

    public bool Gone { get; set; }

    public int Writes { get; private set; }

    public Policy Policy => _policy;

    private Action? Pending { get; set; }

    private int PendingReads { get; set; }

    public string? this[string key]
    {
        get
        {
            lock (_gate)
            {
                return _items.GetValueOrDefault(key);
            }
        }
        set
        {
            lock (_gate)
            {
                _items[key] = value!;
                _fingerprint++;
                Agent(_items.GetValueOrDefault("ssh-keys") ?? "");
            }
        }
    }

    public override Task<Instance> GetAsync(GetInstanceRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Gone || request.Instance != Name)
            {
                throw new RpcException(new(StatusCode.NotFound, $"The resource '{request.Instance}' was not found"));
            }

            if (Pending is { } write && PendingReads-- <= 0)
            {
                Pending = null;
                write();
            }

            return Task.FromResult(Snapshot());
        }
    }

    public override Task<Operation<Operation, Operation>> SetMetadataAsync(SetMetadataInstanceRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Writes++;
            if (Forbidden)
            {
                throw new RpcException(new(StatusCode.PermissionDenied, "Required 'compute.instances.setMetadata' permission"));
            }

            if (Conflicts > 0)
            {
                Conflicts--;
                _items["ssh-keys"] = (_items.GetValueOrDefault("ssh-keys") ?? "") + $"\nother{Conflicts}:ssh-ed25519 AAAA{Conflicts} other@host";
                _fingerprint++;
            }

            if (request.MetadataResource.Fingerprint != $"fp{_fingerprint}")
            {
                throw new RpcException(new(StatusCode.FailedPrecondition, "Supplied fingerprint does not match current metadata fingerprint."));
            }

            var items = request.MetadataResource.Items.ToList();
            void Write()
            {
                _items.Clear();
                items.ForEach(item => _items[item.Key] = item.Value);
                _fingerprint++;
                Agent(_items.GetValueOrDefault("ssh-keys") ?? "");
            }

            if (SlowReads > 0)
            {
                (Pending, PendingReads) = (Write, SlowReads);
            }
            else
            {
                Write();
            }

            return Task.FromResult<Operation<Operation, Operation>>(null!);
        }
    }

    public override Task<GuestAttributes> GetGuestAttributesAsync(GetGuestAttributesInstanceRequest request, CancellationToken cancellationToken)
    {
        Assert.Equal("hostkeys/", request.QueryPath);
        if (HostKeys.Count == 0)
        {
            throw new RpcException(new(StatusCode.NotFound, "The resource 'hostkeys/' of type 'Guest Attribute' was not found."));
        }

        var answer = new GuestAttributes { QueryValue = new() };
        answer.QueryValue.Items.Add(HostKeys.Select(key => new GuestAttributesEntry { Namespace = "hostkeys", Key = key.Kind, Value = key.Key }));
        return Task.FromResult(answer);
    }

    public override Task<Policy> GetIamPolicyAsync(GetIamPolicyInstanceRequest request, CancellationToken cancellationToken)
    {
        Assert.Equal(3, request.OptionsRequestedPolicyVersion);
        lock (_gate)
        {
            var copy = new Policy { Etag = $"etag{_etag}", Version = _policy.Version };
            copy.Bindings.Add(_policy.Bindings);
            return Task.FromResult(copy);
        }
    }

    public override Task<Policy> SetIamPolicyAsync(SetIamPolicyInstanceRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var wanted = request.ZoneSetPolicyRequestResource.Policy;
            if (wanted.Bindings.FirstOrDefault(b => b.Role.StartsWith("roles/iap.", StringComparison.Ordinal) || b.Role.StartsWith("roles/iam.", StringComparison.Ordinal)) is { } foreign)
            {
                throw new RpcException(new(StatusCode.InvalidArgument, $"Role {foreign.Role} is not supported for this resource."));
            }

            if (Conflicts > 0)
            {
                Conflicts--;
                _etag++;
            }

            if (wanted.Etag != $"etag{_etag}")
            {
                throw new RpcException(new(StatusCode.Aborted, "There were concurrent policy changes."));
            }

            _policy = wanted;
            _etag++;
            return Task.FromResult(wanted);
        }
    }

    public override PagedAsyncEnumerable<InstanceAggregatedList, KeyValuePair<string, InstancesScopedList>> AggregatedListAsync(
        AggregatedListInstancesRequest request, CallSettings? callSettings = null)
    {
        var scope = new InstancesScopedList();
        lock (_gate)
        {
            scope.Instances.Add(Snapshot());
        }

        return new OnePage([new("zones/europe-west1-b", scope)]);
    }

    private Instance Snapshot()
    {
        var metadata = new Metadata { Fingerprint = $"fp{_fingerprint}" };
        metadata.Items.Add(_items.Select(item => new Items { Key = item.Key, Value = item.Value }));
        return new() { Id = Id, Name = Name, Zone = "https://www.googleapis.com/compute/v1/projects/shop-prod/zones/europe-west1-b", Metadata = metadata };
    }

    private sealed class OnePage(IReadOnlyList<KeyValuePair<string, InstancesScopedList>> scopes)
        : PagedAsyncEnumerable<InstanceAggregatedList, KeyValuePair<string, InstancesScopedList>>
    {
        public override async IAsyncEnumerator<KeyValuePair<string, InstancesScopedList>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            foreach (var scope in scopes)
            {
                yield return scope;
            }
        }
    }
}

/// <summary>The project of the instance.</summary>
internal sealed class ProjectsStandIn : ProjectsClient
{
    public string? OsLogin { get; set; }

    public override Task<Project> GetAsync(GetProjectRequest request, CancellationToken cancellationToken)
    {
        var project = new Project { CommonInstanceMetadata = new() };
        if (OsLogin is { } value)
        {
            project.CommonInstanceMetadata.Items.Add(new Items { Key = "enable-oslogin", Value = value });
        }

        return Task.FromResult(project);
    }
}
