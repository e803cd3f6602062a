using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Evidence.Tests;

/// <summary>What the front does with a request instead of, or beside, passing it on.</summary>
internal sealed record FrontAct
{
    /// <summary>Answers so itself; 0 passes the request on.</summary>
    public int Status { get; init; }

    /// <summary>The error code of the answer.</summary>
    public string Code { get; init; } = string.Empty;

    /// <summary>The body of the answer; null makes that of an error.</summary>
    public string? Body { get; init; }

    /// <summary>The Date of the answer; null leaves the present time.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Ends the connection without an answer; the request is not passed on.</summary>
    public bool Reset { get; init; }

    /// <summary>Passes the request on, and ends the connection instead of giving the answer.</summary>
    public bool LoseAnswer { get; init; }

    /// <summary>Changes a byte of what was sent.</summary>
    public bool Corrupt { get; init; }

    /// <summary>Changes the answer that came.</summary>
    public Action<IHeaderDictionary>? Alter { get; init; }
}
