using System.Globalization;
using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;
using CaptureFlow.Sandbox.Node;

namespace CaptureFlow.Sandbox.Pods;

/// <summary>Turns a container's spec into what is started: the command, the environment, the folder.</summary>
internal static class ContainerCommand
{
    internal static ContainerStart Of(
        JsonObject pod, JsonObject spec, ContainerImage image, ContainerIdentity identity, int node, int pause, int processesOf)
    {
        string[] command = spec.Texts("command");
        IReadOnlyList<string> all = [.. command.Length > 0 ? command : image.Entrypoint, .. spec.Texts("args")];
        return new ContainerStart(
            node, pause, processesOf, spec.Flag("stdin"), identity, Environment(pod, spec, image), spec.Text("workingDir") ?? "/", all);
    }

    private static Dictionary<string, string> Environment(JsonObject pod, JsonObject spec, ContainerImage image)
    {
        var made = new Dictionary<string, string>
        {
            ["PATH"] = image.Path,
            ["HOSTNAME"] = pod.Text("metadata", "name") ?? "",
            ["HOME"] = "/root",
            ["KUBERNETES_SERVICE_HOST"] = "10.96.0.1",
            ["KUBERNETES_SERVICE_PORT"] = 443.ToString(CultureInfo.InvariantCulture),

            // The read-only root has no place for a runtime's diagnostics sockets.
            ["DOTNET_EnableDiagnostics"] = "0",

            // The workloads live for seconds or minutes: what a runtime does for a long life would be most of their processor time.
            ["DOTNET_EnableWriteXorExecute"] = "0",
            ["DOTNET_TieredPGO"] = "0",
        };
        foreach (var variable in spec.Items("env"))
        {
            if (variable.Text("name") is { Length: > 0 } name)
            {
                made[name] = variable.Text("value") ?? "";
            }
        }

        return made;
    }
}
