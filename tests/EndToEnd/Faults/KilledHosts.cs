using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;

namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>The host is killed as by -9, and started again on the same state.</summary>
internal static class KilledHosts
{
    private const string Group = "host killed";

    private static readonly string[] Points =
    [
        "plan:before", "plan:after", "grant:before", "grant:after", "attach:before", "attach:after", "observe:before", "observe:after", "finish:before", "finish:after",
        "retrieve:before", "retrieve:during", "retrieve:after", "store:before", "store:after", "revoke:before", "revoke:after", "proof:before", "proof:after",
    ];

    // In the middle of a step is where one of its calls is under way, and others have been answered. The store step has none: its middle is "proof".
    private static readonly (string Step, string Method, string Path, string Words)[] Middles =
    [
        ("plan", "GET", "pods/target$", "asks for the pod"),
        ("grant", "POST", "rolebindings$", "binds the account that it has made"),
        ("attach", "GET", "pods/target/exec.*listening", "asks the container that it has attached whether it listens"),
        ("finish", "GET", "pods/target/exec.*summary", "asks the tap for its account"),
        ("revoke", "DELETE", "serviceaccounts/", "deletes the account whose binding it has deleted"),
    ];

    public static IEnumerable<FaultCase> Cases() =>
    [
        .. Points.Select(point => new FaultCase(
            Group, $"killed-{point.Replace(':', '-')}", $"the host is killed at {point}, and started again", Outcome.Complete, scene => AtAsync(scene, point))),
        .. Middles.Select(at => new FaultCase(
            Group, $"killed-{at.Step}-during", $"the host is killed while it {at.Words}, and started again", Outcome.Complete, scene => InTheMiddleAsync(scene, at.Method, at.Path))),
        new(Group, "killed-every-write", "the host is killed after every change of an instance that it writes down", Outcome.Complete, EveryWriteAsync),
    ];

    private static async Task<JsonNode> AtAsync(FaultScene scene, string point)
    {
        var doomed = await scene.StartHostAsync(point);
        // Observed is only a window that is long enough to be looked into.
        await scene.OrderAsync(point.StartsWith("observe", StringComparison.Ordinal) ? 4 : 2);
        await doomed.PausedAsync(point, FaultScene.Soon);
        await doomed.KillAsync();
        await scene.StartWithinAsync();
        return await scene.WhenEndedAsync();
    }

    private static async Task<JsonNode> InTheMiddleAsync(FaultScene scene, string method, string path)
    {
        await scene.FaultAsync(path, ApiAnswers.NoAnswerOnce, method);
        var doomed = await scene.StartHostAsync();
        await scene.OrderAsync();
        await Until.FoundAsync("the call is under way", FaultScene.Soon, async () => (await scene.AskedAsync()).FirstOrDefault(request => request.Fault.Length > 0));
        await doomed.KillAsync();
        await scene.StartWithinAsync();
        return await scene.WhenEndedAsync();
    }

    private static async Task<JsonNode> EveryWriteAsync(FaultScene scene)
    {
        var lives = 0;
        for (var ended = false; !ended; lives++)
        {
            Assert.True(lives < 200, "two hundred lives were not enough");
            HostProcess? doomed = null;
            try
            {
                doomed = await scene.StartHostAsync(null, null, ("FAULTHOST_DIES", "1"));
                // The order is repeated until one host lives long enough to take it; its key makes it one capture.
                await scene.OrderAsync();
                await scene.Api.WhenEndedAsync(scene.Id, FaultScene.Soon);
                ended = true;
                await doomed.KillAsync();
            }
            catch (HttpRequestException)
            {
                await doomed!.ExitAsync(FaultScene.Soon);
            }
            catch (EndOfStreamException)
            {
                // It resumed what was under way, and died of it, before it was ready.
            }
        }

        Assert.InRange(lives, 10, 200);
        await scene.StartWithinAsync();
        return await scene.WhenEndedAsync();
    }
}
