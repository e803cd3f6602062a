using System.Globalization;
using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Node;

/// <summary>The user and the capabilities that a container's processes run with, from its and its pod's security context.</summary>
internal sealed record ContainerIdentity(long User, long Group, bool Privileged, IReadOnlySet<string> Capabilities)
{
    /// <summary>What container runtimes give when nothing is asked.</summary>
    private static readonly string[] Default =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID",
        "SETPCAP", "SETUID", "SYS_CHROOT",
    ];

    /// <summary>The identity, or the kubelet's reason for not creating the container.</summary>
    internal static (ContainerIdentity? Identity, string Fault) Of(JsonObject pod, JsonObject container)
    {
        var (own, shared) = (container.At("securityContext"), pod.At("spec", "securityContext"));
        var user = own.Number("runAsUser") ?? shared.Number("runAsUser") ?? 0;
        var group = own.Number("runAsGroup") ?? shared.Number("runAsGroup") ?? 0;
        if ((own.OptionalFlag("runAsNonRoot") ?? shared.Flag("runAsNonRoot")) && user == 0)
        {
            var named = own.Number("runAsUser") ?? shared.Number("runAsUser");
            var place = $"(pod: \"{pod.Text("metadata", "name")}_{pod.Text("metadata", "namespace")}({pod.Text("metadata", "uid")})\", container: {container.Text("name")})";
            return (null, named is null
                ? $"container has runAsNonRoot and image will run as root {place}"
                : $"container's runAsUser breaks non-root policy {place}");
        }

        var capabilities = new HashSet<string>(Default);
        foreach (var dropped in own.Texts("capabilities", "drop").Select(Plain))
        {
            if (dropped == "ALL")
            {
                capabilities.Clear();
            }

            capabilities.Remove(dropped);
        }

        capabilities.UnionWith(own.Texts("capabilities", "add").Select(Plain));
        return (new ContainerIdentity(user, group, own.Flag("privileged"), capabilities), "");
    }

    /// <summary>Arguments for setpriv that take on this identity.</summary>
    internal IEnumerable<string> SetPrivilegeArguments()
    {
        yield return $"--reuid={User.ToString(CultureInfo.InvariantCulture)}";
        yield return $"--regid={Group.ToString(CultureInfo.InvariantCulture)}";
        yield return "--clear-groups";
        if (Privileged || Capabilities.Contains("ALL"))
        {
            yield break;
        }

        yield return $"--bounding-set=-all{string.Concat(Capabilities.Order(StringComparer.Ordinal).Select(name => $",+{name.ToLowerInvariant()}"))}";
    }

    private static string Plain(string name) => name.StartsWith("CAP_", StringComparison.Ordinal) ? name[4..] : name;
}
