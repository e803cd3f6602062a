using System.Diagnostics;

namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>What became of one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Ended">What its capture came to; null when it never ended.</param>
/// <param name="Seconds">From the namespace's making to the last check.</param>
/// <param name="Broken">What did not hold; null when all did.</param>
internal sealed record FaultResult(FaultCase Case, Outcome? Ended, double Seconds, string? Broken)
{
    public static async Task<FaultResult> OfAsync(FaultLab lab, FaultCase it)
    {
        var watch = Stopwatch.StartNew();
        Outcome? ended = null;
        string? broken = null;
        await using var scene = new FaultScene(lab, it.Name);
        try
        {
            await scene.SetAsync();
            var capture = await it.PlayAsync(scene);
            ended = FaultChecks.Read(capture, it.Expected);
            await FaultChecks.HoldAsync(scene, it.Expected, capture);
        }
        catch (Exception e)
        {
            // A boundary: whatever went wrong is this case's result, and the other cases go on.
            broken = $"{e.GetType().Name}: {e.Message}\n{e.StackTrace}\n{scene.Log}";
        }

        return new(it, ended, watch.Elapsed.TotalSeconds, broken);
    }
}
