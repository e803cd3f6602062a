using System.Security.Cryptography;
using System.Text;
using CaptureFlow.Sandbox.Workloads;

namespace CaptureFlow.Sandbox.Node;

/// <summary>
/// An image that the node can "pull": tool images are the machine's own tools, the demo's images are this program's workloads.
/// </summary>
/// <remarks>
/// <c>Entrypoint</c>: What runs when the container states no command.
/// <c>Path</c>: Where its programs are looked for.
/// </remarks>
internal sealed record ContainerImage(string Name, string Id, IReadOnlyList<string> Entrypoint, string Path)
{
    private const string WorkloadRegistry = "captureflow.local/";

    // With the tcpdump that netshoot has before the machine's.
    private const string NetshootPath = $"{NodeInit.ImageFolder}/bin:{Spawn.SystemPath}";

    /// <summary>The image of a name, or null when no registry has it.</summary>
    internal static ContainerImage? Find(string name)
    {
        var plain = name.StartsWith("docker.io/", StringComparison.Ordinal) ? name["docker.io/".Length..] : name;
        var repository = plain.Split('@')[0];
        var colon = repository.LastIndexOf(':');
        if (colon > repository.LastIndexOf('/'))
        {
            repository = repository[..colon];
        }

        if (repository.StartsWith(WorkloadRegistry, StringComparison.Ordinal)
            && repository[WorkloadRegistry.Length..] is "app" or "proxy" or "client")
        {
            var workload = repository[WorkloadRegistry.Length..];
            return new ContainerImage(
                name,
                Identify(name, repository),
                [$"{NodeInit.ImageFolder}/dotnet/dotnet", $"{NodeInit.ImageFolder}/app/{AssemblyPlace.Name}", "workload", workload],
                Spawn.SystemPath);
        }

        var path = repository.StartsWith("nicolaka/netshoot", StringComparison.Ordinal) || repository.StartsWith("netshoot", StringComparison.Ordinal) ? NetshootPath
            : repository.EndsWith("/debug", StringComparison.Ordinal) ? Spawn.SystemPath
            : null;
        return path is null ? null : new ContainerImage(name, Identify(name, repository), ["/bin/sh"], path);
    }

    /// <summary>The error of a pull that failed, as containerd words it.</summary>
    internal static string PullFault(string name)
    {
        var registry = name.Contains('/', StringComparison.Ordinal) && name.Split('/')[0].Contains('.', StringComparison.Ordinal)
            ? name.Split('/')[0]
            : "registry-1.docker.io";
        return $"failed to pull and unpack image \"{name}\": failed to resolve reference \"{name}\": "
            + $"failed to do request: Head \"https://{registry}/v2/\": dial tcp: lookup {registry}: no such host";
    }

    private static string Identify(string name, string repository)
    {
        var digest = name.Split("@sha256:") is [_, var pinned]
            ? pinned
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        return $"{repository}@sha256:{digest}";
    }
}
