using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CaptureFlow.Sandbox.Workloads;

/// <summary>The shop's application: plain HTTP on 127.0.0.1:8080, where <c>GET /order/{n}</c> answers a line of JSON with the number.</summary>
internal static class AppWorkload
{
    internal static Task RunAsync(CancellationToken cancellation) =>
        TcpServing.RunAsync(new IPEndPoint(IPAddress.Loopback, 8080), ServeAsync, cancellation);

    private static async Task ServeAsync(TcpClient connection, CancellationToken cancellation)
    {
        await using var stream = connection.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        while (await reader.ReadLineAsync(cancellation) is { } request)
        {
            while (await reader.ReadLineAsync(cancellation) is { Length: > 0 })
            {
                // No header matters here.
            }

            var path = request.Split(' ') is [_, var target, ..] ? target : "/";
            var (status, body) = path.StartsWith("/order/", StringComparison.Ordinal)
                && long.TryParse(path["/order/".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? ("200 OK", $$"""{"order":{{number}},"item":"kettle","state":"shipped"}""" + "\n")
                    : ("404 Not Found", "{\"error\":\"no such order\"}\n");
            var reply = string.Create(
                CultureInfo.InvariantCulture,
                $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
            await stream.WriteAsync(Encoding.ASCII.GetBytes(reply), cancellation);
        }
    }
}
