using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.LongRunning;

namespace Google.Cloud.Compute.V1;

public abstract class InstancesClient
{
    public virtual Task<Instance> GetAsync(GetInstanceRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();

    public virtual Task<Operation<Operation, Operation>> SetMetadataAsync(SetMetadataInstanceRequest request, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    public virtual Task<GuestAttributes> GetGuestAttributesAsync(GetGuestAttributesInstanceRequest request, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    public virtual Task<Policy> GetIamPolicyAsync(GetIamPolicyInstanceRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();

    public virtual Task<Policy> SetIamPolicyAsync(SetIamPolicyInstanceRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();

    public virtual PagedAsyncEnumerable<InstanceAggregatedList, KeyValuePair<string, InstancesScopedList>> AggregatedListAsync(
        AggregatedListInstancesRequest request, CallSettings? callSettings = null) => throw new NotImplementedException();
}

public sealed class InstancesClientBuilder : ClientBuilderBase<InstancesClient>;

public abstract class ProjectsClient
{
    public virtual Task<Project> GetAsync(GetProjectRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();
}

public sealed class ProjectsClientBuilder : ClientBuilderBase<ProjectsClient>;

public sealed class Operation;
