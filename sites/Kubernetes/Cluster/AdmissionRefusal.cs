using System.Text.RegularExpressions;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The words by which an API server says that a policy or a webhook of the cluster refused a request. Which status it says it with, the policy chooses.</summary>
internal static partial class AdmissionRefusal
{
    /// <summary>The fault, with the policy's name in its message and its words in the detail; null when no policy spoke.</summary>
    public static CaptureFault? TryRead(string words, string detail)
    {
        if (Policy().Match(words) is { Success: true } policy)
        {
            return Fault($"The ValidatingAdmissionPolicy '{policy.Groups[1].Value}' refuses what the capture makes.", policy.Groups[1].Value, detail);
        }

        return Webhook().Match(words) is { Success: true } webhook
            ? Fault($"The admission webhook '{webhook.Groups[1].Value}' refuses what the capture makes.", webhook.Groups[1].Value, detail)
            : null;
    }

    private static CaptureFault Fault(string message, string name, string detail) => new(
        FaultCodes.AdmissionRefused,
        message,
        $"Have whoever owns {name} exempt what the detail speaks of, or capture where it does not apply: on the pod's node (\"method\": \"node\"), or in another namespace.",
        Detail: detail);

    [GeneratedRegex("ValidatingAdmissionPolicy '([^']{1,253})'")]
    private static partial Regex Policy();

    // A webhook that could not be called is another matter: "failed calling webhook".
    [GeneratedRegex("admission webhook \"([^\"]{1,253})\"")]
    private static partial Regex Webhook();
}
