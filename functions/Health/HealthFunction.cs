using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Health;

/// <summary>Says that the app answers; nothing about clusters or stores, so that it needs no key and gives nothing away.</summary>
public static class HealthFunction
{
    [Function("Health")]
    public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Results.Json(new { status = "ok" });
    }
}
