using System.Text;

namespace CaptureFlow.Functions.Tests.Api.Hostile;

/// <summary>Bodies that are no order: not JSON, not UTF-8, too deep, too large, of another type, cut off.</summary>
internal static class HostileBodies
{
    private const string Valid = """{"target":{"pod":"shop/web"}}""";

    private static readonly string[] Texts =
    [
        "", " ", "null", "true", "7", "\"text\"", "[]", "[{}]", "{", "}", "{]", "{\"target\":", """{"target":{"pod":"shop/web"}""", Valid + "x", Valid + Valid, "{'target':{}}",
        """{"target":{"pod":"shop/web"},}""", """{"target":{"pod":"shop/web"}} // x""", "/* x */" + Valid, """{"target":{"pod":"shop/web"},"window":{"maxPackets":NaN}}""",
        """{"target":{"pod":"shop/web"},"window":{"maxPackets":Infinity}}""", """{"target":{"pod":"shop/web"},"window":{"maxPackets":-}}""", """{"target":{"pod":"shop/web"},"window":{"maxPackets":01}}""",
        """{"target":{"pod":"shop/web"},"target":{"pod":"shop/other"}}""", """{"target":{"pod":"shop/web"},"tar\u0067et":{"pod":"shop/other"}}""", """{"target":{"pod":"shop/web","pod":"shop/x"}}""",
        """{"target":{"pod":"shop/\ud800"}}""", """{"target":{"pod":"shop/web"},"reason":"\udc00x"}""", """{"\ud800":1,"target":{"pod":"shop/web"}}""", """{"target":{"pod":"shop/web"},"reason":"\x41"}""",
        "{\"target\":{\"pod\":\"shop/web\"},\"reason\":\"a\nb\"}", "{\"target\":{\"pod\":\"shop/web\"},\"reason\":\"a\0b\"}", "\0", "\u001b[2J", "<order/>", "target: {pod: shop/web}", "target=shop%2Fweb",
        new('[', 10_000), string.Concat(Enumerable.Repeat("{\"a\":", 5_000)), $"{{\"target\":{new string('[', 9)}{new string(']', 9)}}}",
    ];

    private static readonly byte[][] Bytes =
    [
        [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Valid)], [0xff, 0xfe, .. Encoding.Unicode.GetBytes(Valid)], Encoding.BigEndianUnicode.GetBytes(Valid), Encoding.UTF32.GetBytes(Valid),
        [0xff], [0xc0, 0xaf], [.. "{\"target\":{\"pod\":\"shop/"u8, 0xc0, 0xaf, .. "\"}}"u8], [.. "{\"target\":{\"pod\":\"shop/web\"},\"reason\":\""u8, 0xed, 0xa0, 0x80, .. "\"}"u8],
        [.. "{\"target\":{\"pod\":\"shop/web\"},\"reason\":\""u8, 0xf5, 0x80, 0x80, 0x80, .. "\"}"u8], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0], [.. "{\"target\":{\"pod\":\"shop/w\x80"u8],
    ];

    private static readonly string[] Types =
    [
        "", "Content-Type: text/plain\r\n", "Content-Type: application/x-www-form-urlencoded\r\n", "Content-Type: multipart/form-data; boundary=x\r\n", "Content-Type: application/xml\r\n",
        "Content-Type: application/json; charset=utf-16\r\n", "Content-Type: application/json; charset=latin1\r\n", "Content-Type: application/jsonp\r\n", "Content-Type: application/*\r\n",
        "Content-Type: */*\r\n", "Content-Type: application/json, text/plain\r\n", "Content-Type: ;;;\r\n", "Content-Type: application/json\r\nContent-Type: text/plain\r\n",
        "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", "Content-Type: application/json\r\nContent-Encoding: br, gzip\r\n", "Content-Type: application/problem+json\r\n",
    ];

    private static readonly string[] Ends = ["stop", "cancel", "approve", "deny"];

    public static IEnumerable<HostileRequest> All() =>
    [
        .. Texts.Select(text => HostileRequest.Order($"body {text}", text)),
        .. Bytes.Select(bytes => HostileRequest.Body($"bytes {Convert.ToHexString(bytes)}", bytes)),
        .. Types.Select(type => HostileRequest.Body($"type {type}", Encoding.UTF8.GetBytes(Valid), type)),
        .. Sizes(),
        .. Ends.SelectMany(end => new[]
        {
            HostileRequest.Body($"{end} with a body", Encoding.UTF8.GetBytes($$"""{"reason":"{{HostileRequest.Secret}}"}"""), path: $"/api/captures/cf-0000000000000000/{end}"),
            HostileRequest.Body($"{end} with a large body", new byte[100_000], path: $"/api/captures/cf-0000000000000000/{end}"),
        }),
    ];

    private static IEnumerable<HostileRequest> Sizes()
    {
        var large = $$"""{"target":{"pod":"shop/web"},"reason":"{{new string('x', 70_000)}}"}""";
        yield return HostileRequest.Order("70 kB", large);
        yield return HostileRequest.Body("2 MB", new byte[2_000_000]);
        yield return HostileRequest.Chunked("70 kB in chunks", [.. large.Chunk(1_000).Select(chunk => ($"{chunk.Length:x}", new string(chunk))), ("0", "")]);
        yield return HostileRequest.Chunked("2 MB in chunks", [.. Enumerable.Repeat((Size: "2710", Data: new string(' ', 10_000)), 200), ("0", "")]);
        yield return HostileRequest.Chunked("a chunk without end", ("fffffff", large));
        yield return HostileRequest.Chunked("a chunk size that is none", ("xyz", Valid)) with { ByTheApplication = false };
        yield return HostileRequest.Chunked("a negative chunk", ("-1", Valid)) with { ByTheApplication = false };
        yield return HostileRequest.Chunked("a chunk larger than it says", ("5", Valid)) with { ByTheApplication = false };
        yield return Declared("more bytes than there are, then the end", "1000") with { HalfClose = true };
        yield return Declared("more bytes than there are, and no end", "1000");
        yield return Declared("9 exabytes", "9000000000000000000") with { ByTheApplication = true };
        yield return Declared("a negative length", "-1");
        yield return Declared("a length that is none", "1e3");
        yield return Declared("a length over 64 bits", "99999999999999999999");
        yield return Declared("two lengths", $"{Valid.Length}\r\nContent-Length: 0");
    }

    private static HostileRequest Declared(string name, string length) => HostileRequest.ToTheServer(
        name, $"POST /api/captures HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}", Valid);
}
