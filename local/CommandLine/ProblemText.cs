using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Says why a server did not do what it was asked for.</summary>
internal static class ProblemText
{
    /// <returns>The exit code for it.</returns>
    public static async Task<int> WriteAsync(ApiProblem problem, TextWriter errors)
    {
        foreach (var fault in problem.Errors.DefaultIfEmpty(new CaptureFault("", problem.Detail, "")))
        {
            await errors.WriteLineAsync($"captureflow: {fault.Message} {fault.Remedy}".TrimEnd());
        }

        return problem.Passing ? ExitCodes.HostUnavailable : ExitCodes.Refused;
    }
}
