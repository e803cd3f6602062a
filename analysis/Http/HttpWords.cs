namespace CaptureFlow.Analysis;

/// <summary>What messages of HTTP/1 begin with, and the names of status codes that are shown.</summary>
internal static class HttpWords
{
    public const int LongestMethod = 7;

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "CONNECT", "TRACE"];

    private static readonly Dictionary<int, string> Statuses = new()
    {
        [400] = "Bad Request", [401] = "Unauthorized", [403] = "Forbidden", [404] = "Not Found", [405] = "Method Not Allowed", [408] = "Request Timeout",
        [409] = "Conflict", [411] = "Length Required", [413] = "Content Too Large", [415] = "Unsupported Media Type", [421] = "Misdirected Request",
        [422] = "Unprocessable Content", [426] = "Upgrade Required", [429] = "Too Many Requests", [431] = "Request Header Fields Too Large",
        [499] = "Client Closed Request", [500] = "Internal Server Error", [501] = "Not Implemented", [502] = "Bad Gateway",
        [503] = "Service Unavailable", [504] = "Gateway Timeout", [505] = "HTTP Version Not Supported",
    };

    private static readonly string[] GrpcStatuses =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    public static ReadOnlySpan<byte> Version => "HTTP/1."u8;

    public static string Status(int status) => Statuses.TryGetValue(status, out var name) ? $"{status} {name}" : $"{status}";

    public static string Grpc(int status) => status >= 0 && status < GrpcStatuses.Length ? $"{GrpcStatuses[status]} ({status})" : $"status {status}";

    /// <summary>Whether the server, rather than the caller, is to blame for a status of gRPC.</summary>
    public static bool IsServers(int grpcStatus) => grpcStatus is 2 or 4 or 8 or 12 or 13 or 14 or 15 or > 16;

    /// <summary>The method that a request begins with; null when it begins with none.</summary>
    public static string? Method(ReadOnlySpan<byte> start)
    {
        foreach (var method in Methods)
        {
            if (start.Length > method.Length && start[method.Length] == ' ' && System.Text.Ascii.Equals(start[..method.Length], method))
            {
                return method;
            }
        }

        return null;
    }

    /// <summary>Whether bytes to come may make it a request or an answer.</summary>
    public static bool MayBecomeMessage(ReadOnlySpan<byte> start)
    {
        if (start.Length < Version.Length && Version.StartsWith(start))
        {
            return true;
        }

        foreach (var method in Methods)
        {
            if (start.Length <= method.Length && System.Text.Ascii.Equals(start, method.AsSpan(0, start.Length)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the body begins: behind the first empty line; -1 when there is none.</summary>
    public static int EndOfHead(ReadOnlySpan<byte> head, int from)
    {
        var wide = head[from..].IndexOf("\r\n\r\n"u8);
        var narrow = head[from..].IndexOf("\n\n"u8);
        return narrow >= 0 && (wide < 0 || narrow < wide) ? from + narrow + 2 : wide >= 0 ? from + wide + 4 : -1;
    }
}
