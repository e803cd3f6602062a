using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Api;

/// <summary>The query parameters that a route takes. An unknown one is named, not ignored: a misspelt <c>dryRun</c> would start a capture.</summary>
internal static class QueryNames
{
    private const int MostNamed = 20;

    // How Azure Functions takes a key in the query; every route that needs one has it.
    private const string Key = "code";

    /// <summary>What is wrong with the names; empty when nothing is.</summary>
    public static IReadOnlyList<CaptureFault> Check(IQueryCollection query, params IReadOnlyList<string> known)
    {
        List<CaptureFault> faults = [];
        foreach (var (name, values) in query.Take(MostNamed))
        {
            if (!known.Append(Key).Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                var remedy = known.Count == 0 ? "This address takes none." : $"Known here: {string.Join(", ", known)}.";
                faults.Add(new(FaultCodes.QueryInvalid, $"There is no query parameter '{Echo.Of(name)}'.", remedy, Echo.Of(name)));
            }
            else if (values.Count > 1)
            {
                faults.Add(new(FaultCodes.QueryInvalid, $"'{Echo.Of(name)}' is given {values.Count} times.", "Give it once.", Echo.Of(name)));
            }
        }

        return faults;
    }
}
