using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Captures;

/// <summary>What <c>POST /api/captures</c> is told beside the body.</summary>
/// <param name="DryRun">Say what would be done, and change nothing.</param>
/// <param name="Key">The Idempotency-Key: the same caller with the same key means the same capture; null for a capture of its own.</param>
internal sealed record StartOptions(bool DryRun, string? Key)
{
    public const string IdempotencyKey = "Idempotency-Key";
    private const string DryRunName = "dryRun";
    private const int LongestKey = 255;

    public static (StartOptions Options, IReadOnlyList<CaptureFault> Faults) Read(HttpRequest request)
    {
        List<CaptureFault> faults = [.. QueryNames.Check(request.Query, DryRunName)];
        var dry = request.Query[DryRunName].FirstOrDefault();
        var dryRun = string.Equals(dry, "true", StringComparison.OrdinalIgnoreCase);
        if (dry is not null && !dryRun && !string.Equals(dry, "false", StringComparison.OrdinalIgnoreCase))
        {
            faults.Add(new(FaultCodes.QueryInvalid, $"'{Echo.Of(dry)}' is neither true nor false.", "Write dryRun=true, or leave it out.", DryRunName));
        }

        var keys = request.Headers[IdempotencyKey];
        if (keys.Count > 1 || keys.Any(key => key is not { Length: > 0 and <= LongestKey } || key.Any(c => c is < ' ' or > '~')))
        {
            faults.Add(new(
                FaultCodes.OrderInvalid, $"The {IdempotencyKey} is not one text of 1 to {LongestKey} printable ASCII characters.", "Send e.g. a UUID.", IdempotencyKey));
        }

        return (new(dryRun, keys.FirstOrDefault()), faults);
    }
}
