using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Api;

/// <summary>A store that refuses or is away, as an answer: a caller sees why, and not a bare 500.</summary>
internal static class StoreProblems
{
    public static async Task<IResult> OrProblemAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (StoreRefusedException refusal)
        {
            return Problems.Of(StatusCodes.Status502BadGateway, refusal.Fault);
        }
        catch (StepUnavailableException away)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, new CaptureFault(
                FaultCodes.StoreUnavailable, "The store of captures does not answer now.", "Ask again in some seconds.", Detail: away.Message));
        }
    }
}
