using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;

namespace CaptureFlow.Functions.Captures;

/// <summary>The conditions of a request for a file by its date, where RFC 9110 says more than the framework does.</summary>
internal static class FileConditions
{
    /// <summary>Takes out of the request what does not count.</summary>
    /// <param name="headers">The request's.</param>
    /// <param name="manifest">Of the file.</param>
    /// <returns>When the file was stored, in whole seconds as HTTP has dates; null where nobody wrote it down.</returns>
    public static DateTimeOffset? Heed(IHeaderDictionary headers, CaptureManifest? manifest)
    {
        var storedAt = manifest?.Timeline.FirstOrDefault(step => step.Step == CaptureSteps.StoreCapture)?.StartedAt is { } at
            ? at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond))
            : (DateTimeOffset?)null;

        // Sections 13.1.3 and 13.1.4: beside a tag, a date is not looked at.
        if (headers.IfNoneMatch.Count > 0)
        {
            headers.IfModifiedSince = default;
        }

        if (headers.IfMatch.Count > 0)
        {
            headers.IfUnmodifiedSince = default;
        }

        // Section 13.1.5: a date is that of this file or of another; a later one is another's, too.
        if (new RequestHeaders(headers).IfRange?.LastModified is { } date && date != storedAt)
        {
            headers.Range = default;
        }

        return storedAt;
    }
}
