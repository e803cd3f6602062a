using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Pods;
using CaptureFlow.Sandbox.Rbac;

namespace CaptureFlow.Sandbox.Api;

/// <summary>What each kind asks of a new or changed object, and what follows from one.</summary>
internal sealed class Admission(ObjectStore store, EscalationCheck escalation, Kubelet kubelet)
{
    internal ApiReply? RefusesCreate(ApiCall call, JsonObject wanted)
    {
        var name = wanted.Text("metadata", "name") ?? "";
        if (call.Kind.Group != ResourceCatalogue.Rbac && !(call.Kind == ResourceCatalogue.Namespaces ? PodValidation.IsName(name) : PodValidation.IsSubdomain(name)))
        {
            return ApiReply.Invalid(call.Kind, name, FieldFault.Invalid(
                "metadata.name", $"\"{name}\"", "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
                + "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
                + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"));
        }

        if (call.Kind == ResourceCatalogue.Pods)
        {
            var faults = PodValidation.OfNew(wanted);
            return faults.Count > 0 ? ApiReply.Invalid(call.Kind, name, faults) : PodSecurity.Refuses(wanted, Space(call.Namespace), name);
        }

        if (call.Kind == ResourceCatalogue.Namespaces)
        {
            wanted["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
            wanted["status"] = new JsonObject { ["phase"] = "Active" };
            wanted.Child("metadata").Child("labels")["kubernetes.io/metadata.name"] = name;
        }

        return escalation.Refuses(call.Kind, wanted, null, call.User, call.Namespace);
    }

    internal ApiReply? RefusesUpdate(ApiCall call, JsonObject before, JsonObject wanted)
    {
        if (call.Kind != ResourceCatalogue.Pods)
        {
            return escalation.Refuses(call.Kind, wanted, before, call.User, call.Namespace);
        }

        if (call.Target.Subresource == "ephemeralcontainers")
        {
            var faults = PodValidation.OfEphemeral(wanted, before);
            return faults.Count > 0
                ? ApiReply.Invalid(call.Kind, call.Name, faults)
                : PodSecurity.Refuses(wanted, Space(call.Namespace), call.Name);
        }

        return JsonNode.DeepEquals(before["spec"], wanted["spec"])
            ? null
            : ApiReply.Invalid(call.Kind, call.Name, FieldFault.Forbidden(
                "spec",
                "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"));
    }

    internal void Created(StoredObject made)
    {
        if (made.Kind == ResourceCatalogue.Pods)
        {
            kubelet.Start(made);
        }
        else if (made.Kind == ResourceCatalogue.Namespaces)
        {
            store.CreateIfAbsent(ResourceCatalogue.ServiceAccounts, made.Name, "default", []);
        }
    }

    internal void Updated(ApiCall call, StoredObject updated)
    {
        if (call.Target.Subresource == "ephemeralcontainers")
        {
            kubelet.EnsureEphemeral(updated);
        }
    }

    private JsonObject? Space(string name) => store.Get(ResourceCatalogue.Namespaces, "", name)?.Read();
}
