using System.Globalization;
using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Pods;

namespace CaptureFlow.Sandbox.Api;

/// <summary>Delete and deletecollection. Pods go when their processes have; a namespace takes everything in it along.</summary>
internal sealed class ResourceRemover(ObjectStore store, Kubelet kubelet)
{
    internal async Task<ApiReply> DeleteAsync(ApiCall call)
    {
        var options = await call.BodyAsync() as JsonObject;
        if (store.Get(call.Kind, call.Namespace, call.Name) is not { } found)
        {
            return ApiReply.NotFound(call.Kind, call.Name);
        }

        var uid = found.Read().Text("metadata", "uid") ?? "";
        if (options.Text("preconditions", "uid") is { } wanted && wanted != uid)
        {
            return ApiReply.Conflict(call.Kind, call.Name,
                $"Precondition failed: UID in precondition: {wanted}, UID in object meta: {uid}");
        }

        if (call.DryRun || options.Texts("dryRun").Contains("All"))
        {
            return ApiReply.Deleted(call.Kind, call.Name, uid);
        }

        return Remove(found, Grace(call, options)) ?? ApiReply.Deleted(call.Kind, call.Name, uid);
    }

    internal async Task<ApiReply> DeleteAllAsync(ApiCall call)
    {
        var options = await call.BodyAsync() as JsonObject;
        var selectors = Selectors.Parse(call.Query("labelSelector"), call.Query("fieldSelector"));
        if (selectors.Fault is { } fault)
        {
            return ApiReply.BadRequest(fault);
        }

        var removed = new JsonArray();
        foreach (var found in store.List(call.Kind, call.Namespace).Where(item => selectors.Matches(item.Read())))
        {
            removed.Add(found.Read());
            if (!call.DryRun)
            {
                Remove(found, Grace(call, options));
            }
        }

        return ApiReply.Ok(new JsonObject
        {
            ["kind"] = $"{call.Kind.Kind}List",
            ["apiVersion"] = call.Kind.ApiVersion,
            ["metadata"] = new JsonObject(),
            ["items"] = removed,
        });
    }

    /// <summary>The object when it goes later, null when it has gone.</summary>
    private ApiReply? Remove(StoredObject found, long? grace)
    {
        if (found.Kind == ResourceCatalogue.Pods)
        {
            return ApiReply.Ok(EndPod(found, grace).Read());
        }

        if (found.Kind == ResourceCatalogue.Namespaces)
        {
            return ApiReply.Ok(EndNamespace(found).Read());
        }

        store.TryRemove(found.Kind, found.Namespace, found.Name);
        return null;
    }

    private StoredObject EndPod(StoredObject found, long? asked)
    {
        var grace = asked ?? found.Read().Number("spec", "terminationGracePeriodSeconds") ?? 30;
        var marked = store.TryUpdate(found.Kind, found.Namespace, found.Name, pod =>
        {
            var metadata = pod.Child("metadata");
            metadata["deletionTimestamp"] ??= store.Now();
            metadata["deletionGracePeriodSeconds"] = grace;
            return pod;
        });
        kubelet.End(found.Namespace, found.Name, TimeSpan.FromSeconds(Math.Clamp(grace, 0, 3600)));
        return marked ?? found;
    }

    private StoredObject EndNamespace(StoredObject found)
    {
        var marked = store.TryUpdate(found.Kind, "", found.Name, space =>
        {
            space.Child("metadata")["deletionTimestamp"] ??= store.Now();
            space["status"] = new JsonObject { ["phase"] = "Terminating" };
            return space;
        });
        foreach (var item in ResourceCatalogue.All
            .Where(kind => kind.Namespaced && kind.Stored)
            .SelectMany(kind => store.List(kind, found.Name)))
        {
            // Nothing asks for grace within a namespace that goes: its objects are found no more.
            Remove(item, 0);
        }

        store.TryRemove(found.Kind, "", found.Name);
        return marked ?? found;
    }

    private static long? Grace(ApiCall call, JsonObject? options) =>
        options.Number("gracePeriodSeconds")
        ?? (long.TryParse(call.Query("gracePeriodSeconds"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null);
}
