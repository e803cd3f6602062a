using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CaptureFlow.Sandbox.Workloads;

/// <summary>
/// The shop's customer: asks for order after order at an even pace, on a new connection every ten orders, so that any capture of a second
/// holds a TLS handshake. After the first answer it listens on 127.0.0.1:9000, which is its readiness.
/// </summary>
internal static class ClientWorkload
{
    private const int OrdersPerConnection = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    internal static async Task RunAsync(CancellationToken cancellation)
    {
        var target = new Uri(Environment.GetEnvironmentVariable("TARGET") ?? "https://127.0.0.1:8443");
        var perSecond = double.Parse(Environment.GetEnvironmentVariable("PER_SECOND") ?? "20", CultureInfo.InvariantCulture);
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1 / perSecond));
        using var ready = new TcpListener(IPAddress.Loopback, 9000);
        var order = 1L;
        while (true)
        {
            using var client = new HttpClient(NewHandler()) { BaseAddress = target, Timeout = Patience };
            for (var i = 0; i < OrdersPerConnection; i++)
            {
                if (await TryAskAsync(client, order, cancellation))
                {
                    order++;
                    ready.Start();
                }

                await pace.WaitForNextTickAsync(cancellation);
            }
        }
    }

    private static SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        SslOptions =
        {
            // The proxy makes its certificate at start and signs it itself: its name is all that there is to check.
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == ProxyWorkload.CertificateName,
        },
    };

    private static async Task<bool> TryAskAsync(HttpClient client, long order, CancellationToken cancellation)
    {
        try
        {
            var line = await client.GetStringAsync(new Uri($"/order/{order.ToString(CultureInfo.InvariantCulture)}", UriKind.Relative), cancellation);
            Console.Write(line);
            return true;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"order {order}: {fault.Message}");
            return false;
        }
    }
}
