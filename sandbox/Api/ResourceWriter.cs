using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Pods;

namespace CaptureFlow.Sandbox.Api;

/// <summary>Create, update and patch of every stored resource.</summary>
internal sealed class ResourceWriter(ObjectStore store, Admission admission)
{
    private const string ChangedMeanwhile =
        "the object has been modified; please apply your changes to the latest version and try again";

    internal async Task<ApiReply> CreateAsync(ApiCall call)
    {
        if (await call.BodyAsync() is not JsonObject body)
        {
            return ApiReply.BadRequest("the object provided is unrecognized (must be of type " + call.Kind.Kind + ")");
        }

        var metadata = body.Child("metadata");
        if (string.IsNullOrEmpty(metadata.Text("name")) && metadata.Text("generateName") is { Length: > 0 } prefix)
        {
            metadata["name"] = prefix + RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz2456789", 5);
        }

        var name = metadata.Text("name") ?? "";
        if (name.Length == 0)
        {
            return ApiReply.Invalid(call.Kind, "", FieldFault.Required("metadata.name", "name or generateName is required"));
        }

        if (call.Kind.Namespaced && store.Get(ResourceCatalogue.Namespaces, "", call.Namespace) is null)
        {
            return ApiReply.NotFound(ResourceCatalogue.Namespaces, call.Namespace);
        }

        if (call.Kind.Namespaced && metadata.Text("namespace") is { Length: > 0 } stated && stated != call.Namespace)
        {
            return ApiReply.BadRequest(
                $"the namespace of the provided object does not match the namespace sent on the request");
        }

        return Create(call, name, body);
    }

    internal async Task<ApiReply> UpdateAsync(ApiCall call)
    {
        if (await call.BodyAsync() is not JsonObject body)
        {
            return ApiReply.BadRequest("the object provided is unrecognized (must be of type " + call.Kind.Kind + ")");
        }

        return Change(call, present =>
        {
            var version = body.Text("metadata", "resourceVersion");
            return version is { Length: > 0 } && version != present.Text("metadata", "resourceVersion")
                ? (null, ApiReply.Conflict(call.Kind, call.Name, ChangedMeanwhile))
                : (body.Copy(), null);
        });
    }

    internal async Task<ApiReply> PatchAsync(ApiCall call)
    {
        var form = (call.Http.Request.ContentType ?? "").Split(';')[0];
        if (form is not ("application/strategic-merge-patch+json" or "application/merge-patch+json" or "application/json-patch+json"))
        {
            return ApiReply.Status(415, "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: "
                + "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json");
        }

        var body = await call.BodyAsync();
        return Change(call, present =>
        {
            var patched = (form, body) switch
            {
                ("application/strategic-merge-patch+json", JsonObject patch) => ObjectPatch.Strategic(present.Copy(), patch),
                ("application/merge-patch+json", JsonObject patch) => ObjectPatch.Merge(present.Copy(), patch),
                ("application/json-patch+json", JsonArray patch) => ObjectPatch.Operations(present.Copy(), patch),
                _ => null,
            };
            if (patched is null)
            {
                return (null, ApiReply.Status(422, "Invalid", "the server rejected our request due to an error in our request"));
            }

            return patched.Text("metadata", "resourceVersion") == present.Text("metadata", "resourceVersion")
                ? (patched, null)
                : (null, ApiReply.Conflict(call.Kind, call.Name, ChangedMeanwhile));
        });
    }

    private ApiReply Create(ApiCall call, string name, JsonObject body)
    {
        if (call.Kind == ResourceCatalogue.Pods)
        {
            PodDefaults.ApplyTo(body);
        }

        if (admission.RefusesCreate(call, body) is { } refusal)
        {
            return refusal;
        }

        if (call.DryRun)
        {
            if (store.Get(call.Kind, call.Namespace, name) is not null)
            {
                return ApiReply.AlreadyExists(call.Kind, name);
            }

            var metadata = body.Child("metadata");
            metadata["uid"] = Guid.NewGuid().ToString();
            metadata["creationTimestamp"] = store.Now();
            body["kind"] = call.Kind.Kind;
            body["apiVersion"] = call.Kind.ApiVersion;
            return ApiReply.Created(body);
        }

        if (store.CreateIfAbsent(call.Kind, call.Namespace, name, body) is not { } made)
        {
            return ApiReply.AlreadyExists(call.Kind, name);
        }

        admission.Created(made);
        return ApiReply.Created((store.Get(call.Kind, call.Namespace, name) ?? made).Read());
    }

    private ApiReply Change(ApiCall call, Func<JsonObject, (JsonObject? Wanted, ApiReply? Fault)> change)
    {
        ApiReply? fault = null;
        JsonObject? shown = null;
        var updated = store.TryUpdate(call.Kind, call.Namespace, call.Name, present =>
        {
            var before = present.Copy();
            (var wanted, fault) = change(present);
            if (wanted is null)
            {
                return null;
            }

            KeepIdentity(wanted, before);
            wanted = SubresourceView.Apply(call.Target.Subresource, call.Kind, before, wanted);
            fault = admission.RefusesUpdate(call, before, wanted);
            shown = wanted;
            return fault is null && !call.DryRun ? wanted : null;
        });
        if (updated is null)
        {
            return ApiReply.NotFound(call.Kind, call.Name);
        }

        if (fault is not null)
        {
            return fault;
        }

        if (call.DryRun)
        {
            return ApiReply.Ok(shown!);
        }

        admission.Updated(call, updated);
        return ApiReply.Ok((store.Get(call.Kind, call.Namespace, call.Name) ?? updated).Read());
    }

    private static void KeepIdentity(JsonObject wanted, JsonObject before)
    {
        var metadata = wanted.Child("metadata");
        foreach (var field in new[] { "name", "namespace", "uid", "creationTimestamp", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds" })
        {
            if (before.At("metadata", field) is { } kept)
            {
                metadata[field] = kept.DeepClone();
            }
            else
            {
                metadata.Remove(field);
            }
        }

        wanted["kind"] = before["kind"]?.DeepClone();
        wanted["apiVersion"] = before["apiVersion"]?.DeepClone();
    }
}
