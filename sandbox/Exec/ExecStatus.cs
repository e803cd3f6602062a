using System.Globalization;
using System.Text.Json.Nodes;

namespace CaptureFlow.Sandbox.Exec;

/// <summary>The status frame that ends an exec, as a real node words it.</summary>
internal static class ExecStatus
{
    internal static JsonObject Ended(int code)
    {
        if (code == 0)
        {
            return new JsonObject { ["metadata"] = new JsonObject(), ["status"] = "Success" };
        }

        var text = code.ToString(CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = $"command terminated with non-zero exit code: command terminated with exit code {text}",
            ["reason"] = "NonZeroExitCode",
            ["details"] = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ExitCode", ["message"] = text }) },
        };
    }

    internal static JsonObject NotStarted(string why)
    {
        var message = "error executing command in container: failed to exec in container: failed to start exec: "
            + $"OCI runtime exec failed: exec failed: unable to start container process: {why}";
        return new JsonObject
        {
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = $"Internal error occurred: {message}",
            ["reason"] = "InternalError",
            ["details"] = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = message }) },
            ["code"] = 500,
        };
    }
}
