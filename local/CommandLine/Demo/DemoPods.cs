using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using k8s.Models;

namespace CaptureFlow.Local.CommandLine;

/// <summary>
/// The shop of the demo in a user's cluster: <c>web</c>, an application on 127.0.0.1:8080 behind a proxy that ends TLS, as a mesh sidecar
/// does, and <c>client</c>, which keeps calling it. Everything they run is in the pods' own arguments; the image only has to have python3.
/// </summary>
internal static class DemoPods
{
    public const string WebName = "web";
    public const string ClientName = "client";
    private const string SecretName = "web-certificate";

    private const string Application = """
        import http.server
        class Shop(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = b'{"order":"paid"}\n'
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *args):
                pass
        http.server.ThreadingHTTPServer(("127.0.0.1", 8080), Shop).serve_forever()
        """;

    private const string Proxy = """
        import socket, ssl, threading
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("/certificate/tls.crt", "/certificate/tls.key")
        def serve(connection):
            try:
                with context.wrap_socket(connection, server_side=True) as outside, socket.create_connection(("127.0.0.1", 8080), 5) as inside:
                    inside.sendall(outside.recv(65536))
                    while answer := inside.recv(65536):
                        outside.sendall(answer)
            except OSError:
                connection.close()
        listener = socket.create_server(("", 8443))
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
        """;

    private const string Caller = """
        import os, ssl, time, urllib.request
        context = ssl._create_unverified_context()
        order = 0
        while True:
            order += 1
            try:
                urllib.request.urlopen(f"https://{os.environ['WEB']}:8443/orders/{order}", context=context, timeout=2).read()
            except OSError:
                time.sleep(0.5)
            time.sleep(0.05)
        """;

    /// <summary>A throw-away certificate, deleted with the namespace.</summary>
    public static V1Secret Certificate(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=web", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(time.GetUtcNow().AddHours(-1), time.GetUtcNow().AddDays(1));
        return new()
        {
            Metadata = new() { Name = SecretName },
            Type = "kubernetes.io/tls",
            StringData = new Dictionary<string, string> { ["tls.crt"] = certificate.ExportCertificatePem(), ["tls.key"] = key.ExportPkcs8PrivateKeyPem() },
        };
    }

    public static V1Pod Web(string image)
    {
        var proxy = Python("proxy", image, Proxy);
        proxy.VolumeMounts = [new() { Name = "certificate", MountPath = "/certificate", ReadOnlyProperty = true }];
        proxy.ReadinessProbe = new() { TcpSocket = new() { Port = 8443 }, PeriodSeconds = 1 };
        var pod = Pod(WebName, Python("app", image, Application), proxy);
        pod.Spec.Volumes = [new() { Name = "certificate", Secret = new() { SecretName = SecretName } }];
        return pod;
    }

    public static V1Pod Client(string image, string webAddress)
    {
        var caller = Python("caller", image, Caller);
        caller.Env = [new() { Name = "WEB", Value = webAddress.Contains(':', StringComparison.Ordinal) ? $"[{webAddress}]" : webAddress }];
        return Pod(ClientName, caller);
    }

    private static V1Container Python(string name, string image, string script) => new()
    {
        Name = name,
        Image = image,
        ImagePullPolicy = "IfNotPresent",
        Command = ["python3", "-c", script],
    };

    private static V1Pod Pod(string name, params IList<V1Container> containers) => new()
    {
        Metadata = new() { Name = name, Labels = new Dictionary<string, string> { ["app"] = name } },
        Spec = new() { Containers = containers, RestartPolicy = "Always", TerminationGracePeriodSeconds = 0, EnableServiceLinks = false, AutomountServiceAccountToken = false },
    };
}
