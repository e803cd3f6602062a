using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Scenarios;

/// <summary>Sets up a scenario by name and waits until it is ready.</summary>
internal static class Scenario
{
    internal static readonly IReadOnlyList<string> Names = ["shop", "empty"];

    /// <exception cref="InvalidOperationException">There is no scenario of that name.</exception>
    internal static Task CreateAsync(SandboxOptions options, ManifestLoader loader, ObjectStore store, CancellationToken cancellation) => options.Scenario switch
    {
        "shop" => ShopScenario.CreateAsync(options.OrdersPerSecond, loader, store, cancellation),
        "empty" => Task.CompletedTask,
        _ => throw new InvalidOperationException($"There is no scenario '{options.Scenario}'; there are: {string.Join(", ", Names)}."),
    };

    /// <summary>The pods and their states in a line, for a message.</summary>
    internal static string Describe(ObjectStore store) => string.Join("; ", store.List(ResourceCatalogue.Pods)
        .Select(pod => $"{pod.Namespace}/{pod.Name} {pod.Read().At("status", "containerStatuses")?.ToText() ?? "no status"}"));

    /// <summary>Waits until a pod has the condition Ready.</summary>
    internal static async Task WaitForReadyAsync(ObjectStore store, string space, string name, CancellationToken cancellation)
    {
        while (true)
        {
            var version = store.Version;
            var ready = store.Get(ResourceCatalogue.Pods, space, name)?.Read()
                .Items("status", "conditions")
                .Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");
            if (ready == true)
            {
                return;
            }

            await store.EventsAfterAsync(ResourceCatalogue.Pods, version, cancellation);
        }
    }
}
