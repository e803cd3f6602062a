using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Pods;

/// <summary>
/// Pod Security admission at the levels baseline and restricted, as far as a debug container can offend: host network, privilege, capabilities, user.
/// </summary>
internal static class PodSecurity
{
    private const string Label = "pod-security.kubernetes.io/enforce";

    private static readonly HashSet<string> Baseline =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP",
        "SETUID", "SYS_CHROOT",
    ];

    /// <summary>The refusal, or null when the namespace's level allows the pod.</summary>
    internal static ApiReply? Refuses(JsonObject pod, JsonObject? space, string name)
    {
        var level = space.Text("metadata", "labels", Label);
        if (level is not ("baseline" or "restricted"))
        {
            return null;
        }

        var containers = pod.Items("spec", "containers").Concat(pod.Items("spec", "ephemeralContainers")).ToList();
        var faults = new List<string>();
        if (pod.Flag("spec", "hostNetwork"))
        {
            faults.Add("host namespaces (hostNetwork=true)");
        }

        Add(faults, containers, "privileged", c => c.Flag("securityContext", "privileged"), "must not set securityContext.privileged=true");
        if (level == "baseline")
        {
            foreach (var container in containers)
            {
                Capabilities(faults, "non-default capabilities", container, Baseline, mustDrop: false);
            }
        }
        else
        {
            Restricted(faults, containers, pod.At("spec", "securityContext"));
        }

        return faults.Count == 0
            ? null
            : ApiReply.Forbidden("", "pods", name, $"violates PodSecurity \"{level}:latest\": {string.Join(", ", faults)}");
    }

    private static void Restricted(List<string> faults, List<JsonObject> containers, JsonNode? shared)
    {
        Add(faults, containers, "allowPrivilegeEscalation != false",
            c => c.OptionalFlag("securityContext", "allowPrivilegeEscalation") != false, "must set securityContext.allowPrivilegeEscalation=false");
        foreach (var container in containers)
        {
            Capabilities(faults, "unrestricted capabilities", container, ["NET_BIND_SERVICE"], mustDrop: true);
        }

        Add(faults, containers, "runAsNonRoot != true",
            c => !(c.OptionalFlag("securityContext", "runAsNonRoot") ?? shared.Flag("runAsNonRoot")), "must set securityContext.runAsNonRoot=true");
        Add(faults, containers, "runAsUser=0", c => c.Number("securityContext", "runAsUser") == 0, "must not set runAsUser=0");
        Add(faults, containers, "seccompProfile",
            c => (c.Text("securityContext", "seccompProfile", "type") ?? shared.Text("seccompProfile", "type")) is not ("RuntimeDefault" or "Localhost"),
            "must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
    }

    private static void Capabilities(List<string> faults, string check, JsonObject container, HashSet<string> allowed, bool mustDrop)
    {
        var name = container.Text("name");
        var wrong = container.Texts("securityContext", "capabilities", "add").Where(added => !allowed.Contains(added)).ToList();
        var parts = new List<string>();
        if (mustDrop && !container.Texts("securityContext", "capabilities", "drop").Contains("ALL"))
        {
            parts.Add($"container \"{name}\" must set securityContext.capabilities.drop=[\"ALL\"]");
        }

        if (wrong.Count > 0)
        {
            parts.Add($"container \"{name}\" must not include {string.Join(", ", wrong.Select(word => $"\"{word}\""))} in securityContext.capabilities.add");
        }

        if (parts.Count > 0)
        {
            faults.Add($"{check} ({string.Join("; ", parts)})");
        }
    }

    private static void Add(List<string> faults, List<JsonObject> containers, string check, Func<JsonObject, bool> offends, string must)
    {
        var names = containers.Where(offends).Select(container => $"\"{container.Text("name")}\"").ToList();
        if (names.Count > 0)
        {
            faults.Add($"{check} ({(names.Count == 1 ? "container" : "containers")} {string.Join(", ", names)} {must})");
        }
    }
}
