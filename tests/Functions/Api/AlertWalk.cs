using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Tests.Access;
using CaptureFlow.Functions.Tests.Alerts;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>A way past what alerting systems are answered, among them one whose sign-in service does not answer.</summary>
internal sealed class AlertWalk : IDisposable
{
    // Bound and not listening: whoever connects is turned away, and nobody else gets the port.
    private readonly Socket _silent = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public AlertWalk() => _silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>The binding shop of <see cref="AlertHost.Binding"/>, and one that authenticates by tokens.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        .. AlertHost.Binding(),
        new("CaptureFlow:Alerts:Bindings:tokens:Source", "azure-monitor"),
        new("CaptureFlow:Alerts:Bindings:tokens:Authentication:Kind", "entra"),
        new("CaptureFlow:Alerts:Bindings:tokens:Authentication:TenantId", "11111111-2222-3333-4444-555555555555"),
        new("CaptureFlow:Alerts:Bindings:tokens:Authentication:Audience", "api://captureflow"),
        new("CaptureFlow:Alerts:Bindings:tokens:Authentication:Authority", $"http://{_silent.LocalEndPoint}"),
        new("CaptureFlow:Alerts:Bindings:tokens:Target:Namespace", "shop"),
        new("CaptureFlow:Alerts:Bindings:tokens:Target:Workload", "deployment/web"),
    ];

    public static async Task RunAsync(ApiHost host)
    {
        var firing = Samples.Bytes("alertmanager/firing");
        await ExpectAsync(host, "alertmanager/shop", 202, firing);
        await ExpectAsync(host, "alertmanager/shop", 200, firing);
        await ExpectAsync(host, "alertmanager/shop", 200, Samples.Bytes("alertmanager/resolved"));
        await ExpectAsync(host, "alertmanager/shop", 400, "{"u8.ToArray());
        await ExpectAsync(host, "alertmanager/shop", 401, firing, "a-wrong-secret-of-the-tests");
        await ExpectAsync(host, "grafana/shop", 404, firing);
        await ExpectAsync(host, "alertmanager/shop", 413, new byte[(8 * 1024 * 1024) + 1]);
        host.ActAs(Principals.Of("rita", "CaptureFlow.Reader"));
        await ContractWalk.ExpectAsync(host, HttpMethod.Get, "alerts", 200);
        await ContractWalk.ExpectAsync(host, HttpMethod.Get, "alerts?binding=shop&capture=cf-0000000000000000", 200);
        await ContractWalk.ExpectAsync(host, HttpMethod.Get, "alerts?since=1", 400);
        await ContractWalk.ExpectAsync(host, HttpMethod.Post, "alerts/alertmanager/shop/test", 401, ContractWalk.Json("{}"));
        host.Http.DefaultRequestHeaders.Add(ApiKeys.Header, SignedInWalk.ReaderKey);
        await ContractWalk.ExpectAsync(host, HttpMethod.Post, "alerts/alertmanager/shop/test", 200, new ByteArrayContent(firing));
        await ContractWalk.ExpectAsync(host, HttpMethod.Post, "alerts/alertmanager/shop/test", 400, ContractWalk.Json("{"));
        await ContractWalk.ExpectAsync(host, HttpMethod.Post, "alerts/alertmanager/nosuch/test", 404, ContractWalk.Json("{}"));
        await ContractWalk.ExpectAsync(host, HttpMethod.Post, "alerts/alertmanager/shop/test", 413, new ByteArrayContent(new byte[(8 * 1024 * 1024) + 1]));
        host.Http.DefaultRequestHeaders.Remove(ApiKeys.Header);
        host.ActAs(null);
        await ExpectAsync(host, "azure-monitor/tokens", 503, Samples.Bytes("azure-monitor/metric-fired"), "e30.e30.e30");
    }

    public void Dispose() => _silent.Dispose();

    private static async Task ExpectAsync(ApiHost host, string path, int status, byte[] message, string secret = AlertHost.Secret)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/api/alerts/{path}") { Content = new ByteArrayContent(message) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        using var response = await host.Http.SendAsync(request);
        Assert.True(status == (int)response.StatusCode, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }
}
