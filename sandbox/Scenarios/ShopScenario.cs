using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Scenarios;

/// <summary>
/// A small shop. <c>web</c>: an application on loopback behind a TLS-terminating proxy, as in a mesh; <c>client</c> keeps calling it, 20
/// times a second unless told otherwise. And pods for tests: <c>quiet</c> never sends a packet, <c>pending</c> fits no node, <c>unpullable</c>'s image is in no
/// registry.
/// </summary>
internal static class ShopScenario
{
    private const string Pods = """
        apiVersion: v1
        kind: Pod
        metadata: { name: web, namespace: shop, labels: { app: web } }
        spec:
          containers:
          - name: app
            image: captureflow.local/app:1
            readinessProbe: { tcpSocket: { port: 8080 } }
          - name: proxy
            image: captureflow.local/proxy:1
            env: [ { name: LISTEN, value: "0.0.0.0:8443" }, { name: UPSTREAM, value: "127.0.0.1:8080" } ]
            ports: [ { containerPort: 8443, name: https } ]
            readinessProbe: { tcpSocket: { port: 8443 } }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: quiet, namespace: shop, labels: { app: quiet } }
        spec:
          containers: [ { name: sleeper, image: nicolaka/netshoot:v0.13, command: [sleep, infinity] } ]
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: pending, namespace: shop, labels: { app: pending } }
        spec:
          nodeSelector: { disk: punched-cards }
          containers: [ { name: sleeper, image: nicolaka/netshoot:v0.13, command: [sleep, infinity] } ]
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: unpullable, namespace: shop, labels: { app: unpullable } }
        spec:
          containers: [ { name: app, image: "registry.invalid/absent:1" } ]
        """;

    private const string Client = """
        apiVersion: v1
        kind: Pod
        metadata: { name: client, namespace: shop, labels: { app: client } }
        spec:
          containers:
          - name: client
            image: captureflow.local/client:1
            env: [ { name: TARGET, value: "https://ADDRESS:8443" }, { name: PER_SECOND, value: "PACE" } ]
            readinessProbe: { tcpSocket: { port: 9000 } }
        """;

    internal static async Task CreateAsync(int ordersPerSecond, ManifestLoader loader, ObjectStore store, CancellationToken cancellation)
    {
        loader.ApplyText(Pods);
        var address = store.Get(ResourceCatalogue.Pods, "shop", "web")?.Read().Text("status", "podIP")
            ?? throw new InvalidOperationException("The pod web has no address.");
        loader.ApplyText(Client
            .Replace("ADDRESS", address, StringComparison.Ordinal)
            .Replace("PACE", ordersPerSecond.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        foreach (var name in new[] { "web", "quiet", "client" })
        {
            await Scenario.WaitForReadyAsync(store, "shop", name, cancellation);
        }
    }
}
