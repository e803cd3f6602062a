using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CaptureFlow.Functions.Tests.Api.Hostile;

/// <summary>One request, byte for byte, on a connection of its own.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Status, headers and body of the answer; status 0 when the connection was closed without one.</summary>
    /// <exception cref="OperationCanceledException">No answer in time: the request hangs.</exception>
    public static async Task<(int Status, string Headers, string Body)> SendAsync(Uri url, ReadOnlyMemory<byte> request, bool halfClose)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, deadline.Token);
        var stream = client.GetStream();
        var sending = WriteAsync(stream, request, halfClose, deadline.Token);
        var answer = await ReadAsync(stream, deadline.Token);
        client.Close();
        await sending;
        return Parse(answer);
    }

    private static async Task WriteAsync(NetworkStream stream, ReadOnlyMemory<byte> request, bool halfClose, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(request, cancellationToken);
            if (halfClose)
            {
                stream.Socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The server had heard enough.
        }
    }

    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        StringBuilder answer = new();
        var buffer = new byte[16 * 1024];
        try
        {
            while (!IsWhole(answer.ToString()) && await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // Reset behind the answer: the request's rest was not read.
        }

        return answer.ToString();
    }

    private static bool IsWhole(string answer)
    {
        if (answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) is not (> 0 and var end))
        {
            return false;
        }

        const string length = "\r\nContent-Length: ";
        var headers = answer[..end];
        return headers.IndexOf(length, StringComparison.OrdinalIgnoreCase) is >= 0 and var at
            ? answer.Length - end - 4 >= int.Parse(headers[(at + length.Length)..].Split('\r')[0], CultureInfo.InvariantCulture)
            : answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
    }

    private static (int Status, string Headers, string Body) Parse(string answer)
    {
        if (!answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
        {
            return (0, "", answer);
        }

        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var (headers, body) = (answer[..end], answer[(end + 4)..]);
        if (headers.Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            body = Unchunk(body);
        }

        return (int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture), headers, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body)));
    }

    private static string Unchunk(string body)
    {
        StringBuilder whole = new();
        for (var at = 0; ;)
        {
            var line = body.IndexOf("\r\n", at, StringComparison.Ordinal);
            var size = int.Parse(body.AsSpan(at, line - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return whole.ToString();
            }

            whole.Append(body, line + 2, size);
            at = line + 2 + size + 2;
        }
    }
}
