using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Pods;

/// <summary>The validation that clients may run into, in Kubernetes' words; every fault is reported at once.</summary>
internal static partial class PodValidation
{
    private const string BadName =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric "
        + "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private static readonly string[] ForbiddenInEphemeral =
        ["ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "resources"];

    internal static List<FieldFault> OfNew(JsonObject pod)
    {
        var faults = new List<FieldFault>();
        if (!pod.Items("spec", "containers").Any())
        {
            faults.Add(FieldFault.Required("spec.containers"));
        }

        if (pod.Items("spec", "ephemeralContainers").Any())
        {
            faults.Add(FieldFault.Forbidden("spec.ephemeralContainers", "cannot be set on create"));
        }

        Names(pod, "containers", [], faults);
        return faults;
    }

    /// <summary>Faults of an update of the ephemeral containers: what is there may neither change nor go.</summary>
    internal static List<FieldFault> OfEphemeral(JsonObject pod, JsonObject before)
    {
        var faults = new List<FieldFault>();
        var regular = pod.Items("spec", "containers").Select(container => container.Text("name") ?? "").ToHashSet();
        Names(pod, "ephemeralContainers", [.. regular], faults);
        foreach (var (index, container) in pod.Items("spec", "ephemeralContainers").Index())
        {
            var field = $"spec.ephemeralContainers[{index}]";
            if (container.Text("targetContainerName") is { Length: > 0 } target && !regular.Contains(target))
            {
                faults.Add(FieldFault.NotFound($"{field}.targetContainerName", target));
            }

            faults.AddRange(ForbiddenInEphemeral
                .Where(name => container.At(name) is JsonArray { Count: > 0 } or JsonObject { Count: > 0 })
                .Select(name => FieldFault.Forbidden($"{field}.{name}", "cannot be set for an Ephemeral Container")));
        }

        foreach (var old in before.Items("spec", "ephemeralContainers"))
        {
            var now = pod.Items("spec", "ephemeralContainers").FirstOrDefault(container => container.Text("name") == old.Text("name"));
            if (now is null)
            {
                faults.Add(FieldFault.Forbidden(
                    "spec.ephemeralContainers", $"existing ephemeral containers \"{old.Text("name")}\" may not be removed\n"));
            }
            else if (!JsonNode.DeepEquals(now, old))
            {
                faults.Add(FieldFault.Forbidden(
                    "spec.ephemeralContainers",
                    $"existing ephemeral containers \"{old.Text("name")}\" may not be changed\n-{old.ToText()}\n+{now.ToText()}\n"));
            }
        }

        return faults;
    }

    /// <summary>The name of a pod and of most other objects: its parts have no bound of their own.</summary>
    internal static bool IsSubdomain(string name) => name.Length <= 253 && name.Split('.').All(part => Label().IsMatch(part));

    internal static bool IsName(string name) => name.Length <= 63 && Label().IsMatch(name);

    private static void Names(JsonObject pod, string list, HashSet<string> taken, List<FieldFault> faults)
    {
        foreach (var (index, container) in pod.Items("spec", list).Index())
        {
            var name = container.Text("name") ?? "";
            var field = $"spec.{list}[{index}]";
            if (name.Length == 0)
            {
                faults.Add(FieldFault.Required($"{field}.name"));
            }
            else if (!IsName(name))
            {
                faults.Add(FieldFault.Invalid($"{field}.name", $"\"{name}\"", BadName));
            }
            else if (!taken.Add(name))
            {
                faults.Add(FieldFault.Duplicate($"{field}.name", name));
            }

            if (string.IsNullOrEmpty(container.Text("image")))
            {
                faults.Add(FieldFault.Required($"{field}.image"));
            }
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
