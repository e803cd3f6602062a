namespace CaptureFlow.Analysis;

/// <summary>What is found of requests. The subject of each is the method, the shape of the path, and the server.</summary>
internal static class HttpFindings
{
    public static readonly FindingKind ServerErrors = new(
        "http-server-errors", FindingSeverity.Error,
        group => $"{group.Count("answer")} {group.Detail} of {Words.Count(group.Of, "request")}",
        "The server, or a proxy in front of it, failed: 502, 503 and 504 mostly come from a proxy that has no healthy backend or waited too long; 500 from the program itself. Its log has the cause.");

    public static readonly FindingKind ClientErrors = new(
        "http-client-errors", FindingSeverity.Warning,
        group => $"{group.Count("answer")} {group.Detail} of {Words.Count(group.Of, "request")}",
        "The server did not take the request: a wrong path or host (404), credentials (401, 403), too many of them (429), or what was sent (400, 413, 415, 422).");

    public static readonly FindingKind Unanswered = new(
        "http-unanswered", FindingSeverity.Error,
        group => $"{group.Count("request")} without an answer after up to {Words.Time(group.Largest)}: {group.Detail}",
        "The server took the request and did not answer: it crashed, is stuck, or the caller's timeout was shorter than the work. A reset by a proxy with requests under way looks the same.");

    public static readonly FindingKind Slow = new(
        "http-slow", FindingSeverity.Warning,
        group => $"{group.Count("slow answer")}: the longest came {Words.Time(group.Largest)} after the request",
        "From the first byte of the request to the first of the answer: the work of the server and of whatever it calls, and the upload of a large request.");

    public static readonly FindingKind ToTlsPort = new(
        "http-to-tls-port", FindingSeverity.Error,
        group => $"{group.Count("request")} in plain HTTP answered with a TLS alert",
        "The port speaks TLS: the client uses http where the server has https.");

    public static readonly FindingKind GrpcServerErrors = new(
        "grpc-errors", FindingSeverity.Error,
        group => $"{group.Count("call")} ended with {group.Detail} of {Words.Count(group.Of, "call")}",
        "The server or a proxy failed the call. UNAVAILABLE: no healthy backend, or the connection broke; DEADLINE_EXCEEDED: the caller's deadline passed; UNIMPLEMENTED: another version or another service on that port.");

    public static readonly FindingKind GrpcClientErrors = new(
        "grpc-refusals", FindingSeverity.Warning,
        group => $"{group.Count("call")} ended with {group.Detail} of {Words.Count(group.Of, "call")}",
        "The server did not take the call: what was asked for is not there, or arguments or credentials are wrong; CANCELLED: the caller gave up.");

    public static readonly FindingKind StreamReset = new(
        "http2-stream-reset", FindingSeverity.Warning,
        group => $"{group.Count("stream")} reset {group.Detail}",
        "CANCEL from a client is a caller that gave up or closed a subscription; REFUSED_STREAM a server that takes no more; anything else a fault in one of the two.");

    public static readonly FindingKind GoAway = new(
        "http2-goaway", FindingSeverity.Error,
        group => $"{group.Count("connection")} ended with GOAWAY {group.Detail}",
        "The sender ended the connection because of what the other did. ENHANCE_YOUR_CALM: too many pings or streams (gRPC keep-alive more often than the server permits); PROTOCOL_ERROR: the two disagree.");
}
