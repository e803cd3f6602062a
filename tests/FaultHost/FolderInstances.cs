using System.Security.Cryptography;
using System.Text;
using CaptureFlow.Sites;
using CaptureFlow.Sites.Gce;
using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Cloud.Compute.V1;
using Google.LongRunning;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Metadata = Google.Cloud.Compute.V1.Metadata;
using Operation = Google.Cloud.Compute.V1.Operation;

namespace CaptureFlow.FaultHost;

/// <summary>
/// Compute Engine with one instance, whose metadata are files: they outlive this host, as Google does. The folder has <c>ssh-keys</c>, which the node lets
/// in, <c>host_key.pub</c>, which it publishes, and in <c>items</c> what else its metadata have.
/// </summary>
internal sealed class FolderInstances(string folder) : InstancesClient
{
    private const string Project = "shop-prod";
    private const string Zone = "europe-west1-b";
    private const string Name = "node-1";
    private const string Item = "ssh-keys";

    private static readonly Lock Gate = new();

    private string Keys => Path.Combine(folder, Item);

    private DirectoryInfo Others => Directory.CreateDirectory(Path.Combine(folder, "items"));

    /// <summary>Puts it in the place of Google's clients.</summary>
    public static void Use(IServiceCollection services, string folder) => services.AddSingleton(new ComputeClients(
        _ => Task.FromResult<InstancesClient>(new FolderInstances(folder)), _ => Task.FromResult<ProjectsClient>(new OneProject())));

    /// <summary>Takes away what the assembly of captures over SSH registers, as a build without it does.</summary>
    public static void Remove(IServiceCollection services)
    {
        var own = services.Where(service => service.ServiceType == typeof(IProcessMethod)).ToList();
        // Registered right behind it, by a factory that returns it.
        own.AddRange(services.Where(service => service.ServiceType == typeof(ICaptureMethod) && service.ImplementationFactory?.Method.DeclaringType?.Assembly == typeof(GceOptions).Assembly).ToList());
        foreach (var service in own)
        {
            services.Remove(service);
        }
    }

    public override Task<Instance> GetAsync(GetInstanceRequest request, CancellationToken cancellationToken) =>
        (request.Project, request.Zone, request.Instance) == (Project, Zone, Name)
            ? Task.FromResult(Read())
            : throw new RpcException(new(StatusCode.NotFound, $"The resource '{request.Instance}' was not found"));

    public override Task<Operation<Operation, Operation>> SetMetadataAsync(SetMetadataInstanceRequest request, CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            if (request.MetadataResource.Fingerprint != Read().Metadata.Fingerprint)
            {
                throw new RpcException(new(StatusCode.FailedPrecondition, "Supplied fingerprint does not match current metadata fingerprint."));
            }

            // Whole or not at all: the node may be reading it.
            File.WriteAllText(Keys + ".new", request.MetadataResource.Items.FirstOrDefault(item => item.Key == Item)?.Value ?? "");
            File.Move(Keys + ".new", Keys, overwrite: true);
            foreach (var gone in Others.EnumerateFiles())
            {
                gone.Delete();
            }

            foreach (var item in request.MetadataResource.Items.Where(item => item.Key != Item))
            {
                File.WriteAllText(Path.Combine(Others.FullName, item.Key), item.Value);
            }

            return Task.FromResult<Operation<Operation, Operation>>(null!);
        }
    }

    public override Task<GuestAttributes> GetGuestAttributesAsync(GetGuestAttributesInstanceRequest request, CancellationToken cancellationToken)
    {
        GuestAttributes answer = new() { QueryValue = new() };
        if (File.ReadAllText(Path.Combine(folder, "host_key.pub")).Split(' ') is [var kind, var key, ..])
        {
            answer.QueryValue.Items.Add(new GuestAttributesEntry { Namespace = "hostkeys", Key = kind, Value = key.Trim() });
        }

        return Task.FromResult(answer);
    }

    public override PagedAsyncEnumerable<InstanceAggregatedList, KeyValuePair<string, InstancesScopedList>> AggregatedListAsync(
        AggregatedListInstancesRequest request, CallSettings? callSettings = null)
    {
        InstancesScopedList scope = new();
        scope.Instances.Add(Read());
        return new OnePage(new($"zones/{Zone}", scope));
    }

    private Instance Read()
    {
        lock (Gate)
        {
            Metadata metadata = new();
            metadata.Items.Add(new Items { Key = Item, Value = File.ReadAllText(Keys) });
            metadata.Items.Add(Others.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => new Items { Key = file.Name, Value = File.ReadAllText(file.FullName) }));
            var all = string.Join('\n', metadata.Items.Select(item => $"{item.Key}={item.Value}"));
            metadata.Fingerprint = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(all)));
            return new() { Id = 4711, Name = Name, Zone = $"https://www.googleapis.com/compute/v1/projects/{Project}/zones/{Zone}", Metadata = metadata };
        }
    }

    private sealed class OnePage(KeyValuePair<string, InstancesScopedList> scope) : PagedAsyncEnumerable<InstanceAggregatedList, KeyValuePair<string, InstancesScopedList>>
    {
        public override async IAsyncEnumerator<KeyValuePair<string, InstancesScopedList>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            yield return scope;
        }
    }

    private sealed class OneProject : ProjectsClient
    {
        public override Task<Project> GetAsync(GetProjectRequest request, CancellationToken cancellationToken) =>
            Task.FromResult(new Project { CommonInstanceMetadata = new() });
    }
}
