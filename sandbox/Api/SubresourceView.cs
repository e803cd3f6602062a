using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Pods;

namespace CaptureFlow.Sandbox.Api;

/// <summary>What an update through a subresource may change: the rest of the object stays as it was.</summary>
internal static class SubresourceView
{
    internal static JsonObject Apply(string subresource, ResourceKind kind, JsonObject before, JsonObject wanted)
    {
        switch (subresource)
        {
            case "status":
                var restated = before.Copy();
                restated["status"] = wanted["status"]?.DeepClone();
                return restated;
            case "ephemeralcontainers":
                var extended = before.Copy();
                extended.Child("spec")["ephemeralContainers"] = wanted.At("spec", "ephemeralContainers")?.DeepClone() ?? new JsonArray();
                PodDefaults.ApplyToEphemeral(extended);
                if (extended.At("spec", "ephemeralContainers") is JsonArray { Count: 0 })
                {
                    extended.Child("spec").Remove("ephemeralContainers");
                }

                return extended;
            default:
                if (kind == ResourceCatalogue.Pods || kind == ResourceCatalogue.Nodes || kind == ResourceCatalogue.Namespaces)
                {
                    wanted["status"] = before["status"]?.DeepClone();
                }

                return wanted;
        }
    }
}
