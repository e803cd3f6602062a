using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;
using CaptureFlow.Sandbox.Pods;

namespace CaptureFlow.Sandbox.Scenarios;

/// <summary>Creates objects from manifests, as the cluster's administrator; one that is there already is replaced, but keeps its identity.</summary>
internal sealed class ManifestLoader(ObjectStore store, Admission admission)
{
    /// <summary>Creates what a file holds, or what the manifests of a folder do, as <c>kubectl apply -f</c> does: in the order of their names, not of folders in it.</summary>
    /// <exception cref="InvalidOperationException">There is no such file or no manifest in the folder, or one holds a kind that the sandbox does not serve, or an object without a name.</exception>
    internal void ApplyFile(string path)
    {
        foreach (var file in Manifests(path))
        {
            foreach (var document in Read(file))
            {
                Apply(document);
            }
        }
    }

    private static List<string> Manifests(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new InvalidOperationException($"--apply: there is no file or folder '{path}'.");
        }

        // A kustomization is for kubectl apply -k: it names manifests, and is none.
        List<string> files =
        [
            .. Directory.EnumerateFiles(path)
                .Where(file => Path.GetExtension(file) is ".yaml" or ".yml" or ".json" && Path.GetFileNameWithoutExtension(file) != "kustomization")
                .Order(StringComparer.Ordinal),
        ];
        return files.Count > 0 ? files : throw new InvalidOperationException($"--apply: the folder '{path}' has no .yaml, .yml or .json file in it.");
    }

    private static IEnumerable<JsonObject> Read(string file)
    {
        try
        {
            return [.. YamlDocuments.Read(File.ReadAllText(file))];
        }
        catch (Exception unreadable) when (unreadable is YamlDotNet.Core.YamlException or IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            throw new InvalidOperationException($"--apply: '{file}' cannot be read: {unreadable.Message}", unreadable);
        }
    }

    internal void ApplyText(string yaml)
    {
        foreach (var document in YamlDocuments.Read(yaml))
        {
            Apply(document);
        }
    }

    private void Apply(JsonObject item)
    {
        var (version, kindName, name) = (item.Text("apiVersion") ?? "", item.Text("kind") ?? "", item.Text("metadata", "name") ?? "");
        if (kindName == "List")
        {
            foreach (var part in item.Items("items"))
            {
                Apply(part.Copy());
            }

            return;
        }

        if (ResourceCatalogue.FindByKind(version, kindName) is not { Stored: true } kind || name.Length == 0)
        {
            throw new InvalidOperationException($"The sandbox cannot hold the manifest's {version} {kindName} \"{name}\".");
        }

        var space = kind.Namespaced ? item.Text("metadata", "namespace") ?? "default" : "";
        if (kind == ResourceCatalogue.Pods)
        {
            PodDefaults.ApplyTo(item);
        }

        if (kind.Namespaced)
        {
            EnsureNamespace(space);
        }

        Store(kind, space, name, item);
    }

    private void EnsureNamespace(string name)
    {
        if (store.Get(ResourceCatalogue.Namespaces, "", name) is null)
        {
            Store(ResourceCatalogue.Namespaces, "", name, []);
        }
    }

    private void Store(ResourceKind kind, string space, string name, JsonObject item)
    {
        if (kind == ResourceCatalogue.Namespaces)
        {
            item["status"] = new JsonObject { ["phase"] = "Active" };
            item.Child("metadata").Child("labels")["kubernetes.io/metadata.name"] = name;
        }

        if (store.CreateIfAbsent(kind, space, name, item) is { } made)
        {
            admission.Created(made);
            return;
        }

        store.TryUpdate(kind, space, name, present => ObjectPatch.Merge(present, item));
    }
}
