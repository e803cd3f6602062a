using System.Text.Json.Nodes;

namespace CaptureFlow.Sandbox.Pods;

/// <summary>The state of a container as the API shows it: exactly one of waiting, running and terminated.</summary>
internal sealed record ContainerState(string Kind, JsonObject Fields)
{
    internal bool IsRunning => Kind == "running";

    internal bool IsTerminated => Kind == "terminated";

    internal static ContainerState Waiting(string reason, string message = "")
    {
        var fields = new JsonObject { ["reason"] = reason };
        if (message.Length > 0)
        {
            fields["message"] = message;
        }

        return new ContainerState("waiting", fields);
    }

    internal static ContainerState Running(string startedAt) => new("running", new JsonObject { ["startedAt"] = startedAt });

    internal static ContainerState Terminated(int code, string reason, string startedAt, string finishedAt, string id, string message = "")
    {
        var fields = new JsonObject { ["exitCode"] = code, ["reason"] = reason };
        if (message.Length > 0)
        {
            fields["message"] = message;
        }

        fields["startedAt"] = startedAt;
        fields["finishedAt"] = finishedAt;
        fields["containerID"] = id;
        return new ContainerState("terminated", fields);
    }

    internal JsonObject ToJson() => new() { [Kind] = Fields.DeepClone() };
}
