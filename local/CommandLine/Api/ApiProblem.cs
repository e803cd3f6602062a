using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The server's <c>application/problem+json</c>, or what stands for one when it sent none.</summary>
/// <param name="Status">HTTP status; 0 when no answer came.</param>
/// <param name="Code">Stable code; null when the answer had none.</param>
/// <param name="Detail">For people.</param>
/// <param name="Errors">Every fault of the request at once.</param>
internal sealed record ApiProblem(int Status, string? Code, string Detail, IReadOnlyList<CaptureFault> Errors)
{
    /// <summary>Of a dry run: everything that was looked at.</summary>
    public IReadOnlyList<PreflightCheck> Checks { get; init; } = [];

    /// <summary>No answer, or one that says "later": worth asking again.</summary>
    public bool Passing => Status is 0 or 408 or 429 or >= 500;
}

/// <summary>A value, or the problem in its stead.</summary>
internal readonly record struct ApiAnswer<T>(T? Value, ApiProblem? Problem)
    where T : class;
