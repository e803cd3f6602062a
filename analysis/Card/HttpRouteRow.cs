namespace CaptureFlow.Analysis;

/// <summary>All requests of one method for one shape of path at one server.</summary>
/// <param name="Server">Address and port.</param>
/// <param name="Protocols"><c>http/1</c>, <c>http/2</c>, <c>grpc</c>.</param>
/// <param name="Method">Of HTTP.</param>
/// <param name="Route">The path without query string, <c>{id}</c> for parts that are not words; of gRPC, service and method.</param>
/// <param name="Requests">How many.</param>
/// <param name="Statuses">How many answers had each status: of HTTP, <c>503</c>, or of gRPC, <c>UNAVAILABLE (14)</c>.</param>
/// <param name="Unanswered">How many had none.</param>
/// <param name="MedianMilliseconds">From a request's first byte to its answer's first: an upper bound within a factor of two.</param>
/// <param name="LongestMilliseconds">The longest.</param>
/// <param name="SlowestPacket">The packet in which that answer began.</param>
public sealed record HttpRouteRow(
    string Server,
    IReadOnlyList<string> Protocols,
    string Method,
    string Route,
    long Requests,
    IReadOnlyDictionary<string, long> Statuses,
    long Unanswered,
    double? MedianMilliseconds,
    double? LongestMilliseconds,
    long? SlowestPacket);
