using System.Diagnostics;
using CaptureFlow.Sandbox.Node;

namespace CaptureFlow.Sandbox.Exec;

/// <summary>Starts a command in a running container, as its user and with its environment.</summary>
internal static class ExecCommand
{
    private const string Script = """
        cd "$1" && shift && exec setpriv "$@"
        """;

    private static readonly string[] Kinds = ["mount", "pid", "net", "uts", "ipc"];

    internal static Process Start(ContainerProcess container, IReadOnlyList<string> command)
    {
        string[] namespaces = [.. Kinds.Select(kind => Spawn.Namespace(kind, container.Id))];
        return Spawn.Start(
            [
                "nsenter", .. namespaces, "--", "sh", "-c", Script, "exec", container.Start.WorkingFolder,
                .. container.Start.Identity.SetPrivilegeArguments(), "--", .. command,
            ],
            container.Start.Environment);
    }
}
