using System.ComponentModel.DataAnnotations;

namespace CaptureFlow.Sandbox.Faults;

/// <summary>
/// One fault to play on matching requests; the body of <c>POST /sandbox/faults</c>. All match conditions must hold. The action fields
/// combine: a delay comes first, then <see cref="Hang"/>, <see cref="Reset"/> <c>before</c> or <see cref="Status"/> in this order end the
/// request; <see cref="Reset"/> <c>after</c> and <see cref="CutAfterBytes"/> let the action happen.
/// </summary>
public sealed record FaultRule
{
    /// <value>The rule's id, given by the server when absent; for <c>DELETE /sandbox/faults/{id}</c>.</value>
    public string Id { get; init; } = "";

    /// <value>The HTTP method, or empty for any. WebSocket requests are GET.</value>
    public string Method { get; init; } = "";

    /// <value>A .NET regular expression searched in the path with its query, or empty for any.</value>
    public string Path { get; init; } = "";

    /// <value>The exact user name, or empty for any.</value>
    public string User { get; init; } = "";

    /// <value>So many matching requests pass untouched first. Default 0.</value>
    [Range(0, int.MaxValue)]
    public int After { get; init; }

    /// <value>So many requests are hit, then the rule is spent. Default 0: all.</value>
    [Range(0, int.MaxValue)]
    public int Times { get; init; }

    /// <value>Milliseconds to wait before anything else.</value>
    [Range(0, 600_000)]
    public int DelayMs { get; init; }

    /// <value>Answers with this HTTP status and a Status body instead of acting; 0 means no.</value>
    [Range(0, 599)]
    public int Status { get; init; }

    /// <value>The Retry-After header with <see cref="Status"/>, in seconds.</value>
    public int? RetryAfterSeconds { get; init; }

    /// <value>The Status body's reason; when empty, Kubernetes' usual one for the status.</value>
    public string Reason { get; init; } = "";

    /// <value>The Status body's message.</value>
    public string Message { get; init; } = "";

    /// <value><c>before</c> cuts the connection without acting; <c>after</c> acts, then cuts it without an answer.</value>
    [RegularExpression("^(before|after)?$")]
    public string Reset { get; init; } = "";

    /// <value>Cuts the response, or the stream of a WebSocket over all its channels, after so many payload bytes; 0 means no.</value>
    [Range(0, long.MaxValue)]
    public long CutAfterBytes { get; init; }

    /// <value>Never answers, until the client gives up or ten minutes have passed.</value>
    public bool Hang { get; init; }
}
