using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Api;

/// <summary>
/// <c>GET /api/openapi.yaml</c>: the contract, as it stands in the source. Anonymous, because tools fetch it without a key, and it says nothing
/// about this deployment: what it describes is the same everywhere.
/// </summary>
public static class OpenApiFunction
{
    private const string Resource = "openapi.yaml";

    /// <summary>RFC 9512.</summary>
    private const string MediaType = "application/yaml";

    [Function("OpenApi")]
    public static Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi.yaml")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Problems.OfAnyAsync(QueryNames.Check(request.Query), () => Task.FromResult(
            Results.Stream(typeof(OpenApiFunction).Assembly.GetManifestResourceStream(Resource)!, MediaType)));
    }
}
