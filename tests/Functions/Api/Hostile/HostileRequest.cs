using System.Text;

namespace CaptureFlow.Functions.Tests.Api.Hostile;

/// <summary>A request that nobody should send.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Bytes">All of it.</param>
/// <param name="ByTheApplication">It reaches a function, which answers with a code; else the server turns it away before.</param>
/// <param name="HalfClose">The sender says that nothing more will come.</param>
internal sealed record HostileRequest(string Name, byte[] Bytes, bool ByTheApplication = true, bool HalfClose = false)
{
    /// <summary>In every request's headers, and in some bodies: what must be in no log and no answer.</summary>
    public const string Secret = "S3cr3t-that-nobody-may-log";

    private const string Common = $"Host: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer {Secret}\r\nx-functions-key: {Secret}\r\nCookie: session={Secret}\r\n";

    public override string ToString() => Name;

    /// <summary>An order, with the JSON as it is.</summary>
    public static HostileRequest Order(string name, string json) => Body(name, Encoding.UTF8.GetBytes(json));

    public static HostileRequest Body(string name, byte[] body, string headers = "Content-Type: application/json\r\n", string path = "/api/captures") =>
        Raw(name, $"POST {path} HTTP/1.1\r\n{Common}{headers}Content-Length: {body.Length}\r\n\r\n", body);

    public static HostileRequest Get(string name, string path, string headers = "", bool byTheApplication = true) => Call(name, "GET", path, headers, byTheApplication);

    public static HostileRequest Call(string name, string method, string path, string headers = "", bool byTheApplication = true) =>
        Raw(name, $"{method} {path} HTTP/1.1\r\n{Common}{headers}Content-Length: 0\r\n\r\n", []) with { ByTheApplication = byTheApplication };

    /// <summary>The order in chunks, whose sizes are written as they are.</summary>
    public static HostileRequest Chunked(string name, params (string Size, string Data)[] chunks) => Raw(
        name,
        $"POST /api/captures HTTP/1.1\r\n{Common}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{string.Concat(chunks.Select(chunk => $"{chunk.Size}\r\n{chunk.Data}\r\n"))}",
        []);

    /// <summary>Turned away before any function is asked.</summary>
    public static HostileRequest ToTheServer(string name, string lineAndHeaders, string body = "") => new(name, Encoding.Latin1.GetBytes($"{lineAndHeaders}\r\n\r\n{body}"), ByTheApplication: false);

    private static HostileRequest Raw(string name, string head, byte[] body) => new(name, [.. Encoding.UTF8.GetBytes(head), .. body]);
}
