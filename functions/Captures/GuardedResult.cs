using CaptureFlow.Functions.Api;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Captures;

/// <summary>A store that is found to be away only when the first byte is read is a problem like one that is found so before.</summary>
internal sealed class GuardedResult(IResult inner) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var problem = await StoreProblems.OrProblemAsync(async () =>
        {
            await inner.ExecuteAsync(httpContext);
            return Results.Empty;
        });
        if (problem != Results.Empty && !httpContext.Response.HasStarted)
        {
            httpContext.Response.Clear();
            await problem.ExecuteAsync(httpContext);
        }
        else if (problem != Results.Empty)
        {
            // Half of the bytes are out: only a cut tells the caller.
            httpContext.Abort();
        }
    }
}
