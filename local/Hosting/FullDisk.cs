using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace CaptureFlow.Local.Hosting;

/// <summary>A state folder without room: what it looks like, and what a caller is told.</summary>
internal static class FullDisk
{
    private const int SqliteFull = 13;

    // ENOSPC and EDQUOT, which .NET hands through as they are on Linux.
    private const int NoSpace = 28;
    private const int OverQuota = 122;

    private const string AskAgainAfterSeconds = "30";

    /// <summary>Whether a failure is that of a disk, or a quota, that is used up.</summary>
    public static bool IsCauseOf(Exception e) => e switch
    {
        SqliteException { SqliteErrorCode: SqliteFull } => true,
        IOException { HResult: NoSpace or OverQuota } => true,
        { InnerException: { } inner } => IsCauseOf(inner),
        _ => false,
    };

    /// <summary>503, with when to come again: nothing was kept of the request.</summary>
    public static Task AnswerAsync(HttpContext http, string folder)
    {
        http.Response.Headers.RetryAfter = AskAgainAfterSeconds;
        return Problems.Of(StatusCodes.Status503ServiceUnavailable, new CaptureFault(
            FaultCodes.StoreUnavailable,
            $"There is no room left in the state folder {folder}: nothing can be kept, so nothing was begun.",
            $"Make room on its file system (df -h {Ownership.Quoted(folder)}), then send the request again.")).ExecuteAsync(http);
    }
}
