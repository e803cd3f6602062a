namespace CaptureFlow.Functions.Tests.Api.Hostile;

/// <summary>Addresses, queries, methods and headers that are malformed or malicious.</summary>
internal static class HostileAddresses
{
    private const string Order = """{"target":{"pod":"shop/web"}}""";

    private static readonly string[] Ids =
    [
        "cf-", "cf-1", "CF-0000000000000000", "cf-000000000000000u", "cf-0000000000000000%0a", "cf-0000000000000000.", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f", "..%5c..%5cx", "'%3b%20drop", "%27%20or%201%3d1",
        "cf-0000000000000000%2fmanifest", "%E2%80%AEcf", "%F0%9F%92%A9", "-w", "$(id)", "*", new('a', 500),
    ];

    private static readonly string[] Files =
    [
        "..%2fmanifest.json", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc", "..%5cmanifest.json", "capture.pcap%20", "capture.pcap.", "CAPTURE.PCAP", "capture.pcap%3b", "capture.pcap%0d%0aX-Evil:%201",
        "-rf", "~", "log.jsonl", ".", "capture.pcap::$DATA", "con", "%E2%80%AE", "C:%5cboot.ini", "file:%2f%2fx", new('a', 1_000),
    ];

    private static readonly string[] ListQueries =
    [
        "pageSize=0", "pageSize=-1", "pageSize=201", "pageSize=1e3", "pageSize=NaN", "pageSize=99999999999999999999", "pageSize=%2010", "pageSize=1&pageSize=2", "verdict=1", "verdict=Complete,Lossy", "verdict=%00",
        "from=yesterday", "from=2026-13-01", "from=12:00", "from=1/2/2026", "to=2026-02-30", "to=99999-01-01", "from=0001-01-01T00:00:00%2b14:00", "namespace=../..", "namespace=%00", "namespace=a%27%20or%201", "pod=A",
        "pod=a%0ab", "cluster=%2e%2e", "requestedBy=a%0d%0ab", "continuationToken=x", "continuationToken=o", "continuationToken=s", "continuationToken=oAAAA", "continuationToken=AAAAAAAAAAAAAAAAs",
        "continuationToken=AAAAAAAAAAAAAAAAoAAAA", "continuationToken=%00", "continuationToken=..%2f..", "$filter=1", "Namespac=shop", "namespace[]=shop", "wait=30", "code=x&code=y",
    ];

    private static readonly string[] Waits = ["-1", "31", "1e1", "NaN", "PT1H", "30s;id", "1.5", "%2030", "30%00", "99999999999", "1d", "-PT1S"];

    private static readonly string[] Keys =
    [
        "Idempotency-Key: \r\n", "Idempotency-Key: a\r\nIdempotency-Key: b\r\n", $"Idempotency-Key: {new string('k', 256)}\r\n", $"Idempotency-Key: {new string('k', 8_000)}\r\n", "Idempotency-Key: clé\r\n", "Idempotency-Key: a\tb\r\n",
        "Idempotency-Key: a\u0001b\r\n", "Idempotency-Key: a\u007fb\r\n",
    ];

    private static readonly string[] OrderQueries = ["dryRun=maybe", "dryRun=1", "dryRun=", "dryRun=true&dryRun=false", "dryrunn=true", "dryRun=true%00", "dry_run=true"];

    private static readonly string[] OtherMethods = ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND", "FOO"];

    public static IEnumerable<HostileRequest> All(string stored) =>
    [
        .. Ids.SelectMany(id => new[] { HostileRequest.Get($"id {id}", $"/api/captures/{id}"), HostileRequest.Call($"stop {id}", "POST", $"/api/captures/{id}/stop"), HostileRequest.Get($"manifest of {id}", $"/api/captures/{id}/manifest") }),
        .. Files.Where(name => name != ".").Select(name => HostileRequest.Get($"file {name}", $"/api/captures/{stored}/files/{name}")),
        .. ListQueries.Select(query => HostileRequest.Get($"list {query}", $"/api/captures?{query}")),
        .. Waits.Select(wait => HostileRequest.Get($"wait {wait}", $"/api/captures/{stored}?wait={wait}")),
        HostileRequest.Get("wait twice", $"/api/captures/{stored}?wait=1&wait=2"),
        HostileRequest.Get("a continuation token of 6,000 characters", $"/api/captures?continuationToken={new string('A', 6_000)}"),
        HostileRequest.Get("200 parameters", $"/api/captures?{string.Join('&', Enumerable.Range(0, 200).Select(i => $"p{i}=1"))}"),
        HostileRequest.Get("a secret in an unknown parameter", $"/api/captures?tokn={HostileRequest.Secret}"),
        .. Keys.Select(key => HostileRequest.Body($"key {key}", System.Text.Encoding.UTF8.GetBytes(Order), "Content-Type: application/json\r\n" + key)),
        .. OrderQueries
            .Select(query => HostileRequest.Body($"order {query}", System.Text.Encoding.UTF8.GetBytes(Order), path: $"/api/captures?{query}")),
        .. Methods(stored),
        .. ToTheServer(stored),
    ];

    private static IEnumerable<HostileRequest> Methods(string stored) =>
        from path in new[] { "/api/captures", $"/api/captures/{stored}", $"/api/captures/{stored}/stop", $"/api/captures/{stored}/files/capture.pcap", "/api/health" }
        from method in OtherMethods
        select HostileRequest.Call($"{method} {path}", method, path, byTheApplication: false);

    private static IEnumerable<HostileRequest> ToTheServer(string stored)
    {
        const string common = "Host: 127.0.0.1\r\nConnection: close";
        yield return HostileRequest.ToTheServer("200 headers", $"GET /api/captures HTTP/1.1\r\n{common}\r\n{string.Join("\r\n", Enumerable.Range(0, 200).Select(i => $"X-{i}: {HostileRequest.Secret}"))}");
        yield return HostileRequest.ToTheServer("a header of 64 kB", $"GET /api/captures HTTP/1.1\r\n{common}\r\nX: {new string('x', 65_536)}");
        yield return HostileRequest.ToTheServer("an address of 16 kB", $"GET /api/captures?{new string('x', 16_384)} HTTP/1.1\r\n{common}");
        yield return HostileRequest.ToTheServer("a header without colon", $"GET /api/captures HTTP/1.1\r\n{common}\r\nnonsense");
        yield return HostileRequest.ToTheServer("a space before the colon", $"GET /api/captures HTTP/1.1\r\n{common}\r\nX-Key : 1");
        yield return HostileRequest.ToTheServer("a folded header", $"GET /api/captures HTTP/1.1\r\n{common}\r\nX-Key: 1\r\n 2");
        yield return HostileRequest.ToTheServer("NUL in a header", $"GET /api/captures HTTP/1.1\r\n{common}\r\nX-Key: a\0b");
        yield return HostileRequest.ToTheServer("no host", "GET /api/captures HTTP/1.1\r\nConnection: close");
        yield return HostileRequest.ToTheServer("two hosts", $"GET /api/captures HTTP/1.1\r\n{common}\r\nHost: other");
        yield return HostileRequest.ToTheServer("a host that is none", "GET /api/captures HTTP/1.1\r\nHost: a b\r\nConnection: close");
        yield return HostileRequest.ToTheServer("another host", "GET /api/captures HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close");
        yield return HostileRequest.ToTheServer("an origin", $"GET /api/captures HTTP/1.1\r\n{common}\r\nOrigin: https://elsewhere.example");
        yield return HostileRequest.ToTheServer("the origin null", $"POST /api/captures HTTP/1.1\r\n{common}\r\nOrigin: null\r\nContent-Type: application/json\r\nContent-Length: {Order.Length}", Order);
        yield return HostileRequest.ToTheServer("an absolute address elsewhere", "GET http://elsewhere.example/api/captures HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close");
        yield return HostileRequest.ToTheServer("NUL in an id", $"GET /api/captures/cf-%00 HTTP/1.1\r\n{common}");
        yield return HostileRequest.ToTheServer("NUL in a file's name", $"GET /api/captures/{stored}/files/capture.pcap%00.json HTTP/1.1\r\n{common}");
        yield return HostileRequest.ToTheServer("bytes in the address", $"GET /api/captures/\u00ff\u00fe HTTP/1.1\r\n{common}");
        yield return HostileRequest.ToTheServer("dots upwards", $"GET /api/captures/{stored}/files/../../../../etc/passwd HTTP/1.1\r\n{common}");
        yield return HostileRequest.ToTheServer("no such route", $"GET /api/admin HTTP/1.1\r\n{common}");
        yield return HostileRequest.ToTheServer("the Durable extension's own address", $"GET /runtime/webhooks/durabletask/instances HTTP/1.1\r\n{common}");
        yield return HostileRequest.ToTheServer("a method with a space", $"GE T /api/captures HTTP/1.1\r\n{common}");
        yield return HostileRequest.ToTheServer("no method", $"/api/captures HTTP/1.1\r\n{common}");
        yield return HostileRequest.ToTheServer("CONNECT", $"CONNECT 127.0.0.1:80 HTTP/1.1\r\n{common}");
        yield return HostileRequest.ToTheServer("TLS on the plain port", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003");
        yield return HostileRequest.ToTheServer("length and chunks", $"POST /api/captures HTTP/1.1\r\n{common}\r\nContent-Type: application/json\r\nContent-Length: 3\r\nTransfer-Encoding: chunked", "0\r\n\r\nGET /api/health HTTP/1.1\r\n\r\n");
        yield return HostileRequest.ToTheServer("an unknown transfer encoding", $"POST /api/captures HTTP/1.1\r\n{common}\r\nContent-Type: application/json\r\nTransfer-Encoding: gzip", Order);
    }
}
