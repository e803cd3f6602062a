using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>The API server answers otherwise than it should: what passes is waited out on every call of every step; what is refused ends the step.</summary>
internal static class ApiAnswers
{
    // Every call that a capture makes in its pod's namespace, the same ones in each; exec by what it runs.
    private static readonly string[] Calls =
    [
        "GET pods/target$", "POST serviceaccounts$", "POST rolebindings$", "POST serviceaccounts/[^/]+/token", "PATCH pods/target/ephemeralcontainers",
        "GET pods/target/exec.*listening", "GET pods/target/exec.*summary", "GET pods/target/exec.*bs", "GET pods/target/exec.*released",
        "DELETE rolebindings/", "DELETE serviceaccounts/", "GET rolebindings/", "GET serviceaccounts/",
    ];

    // Who sets the scene.
    private const string Admin = "admin";

    private static readonly (string Name, string Words, Func<JsonObject, JsonObject> Rule)[] Passes =
    [
        ("429", "429 with Retry-After", rule => Answer(rule, 429, ("retryAfterSeconds", 1))),
        ("500", "500", rule => Answer(rule, 500)),
        ("503", "503", rule => Answer(rule, 503)),
        ("504", "504", rule => Answer(rule, 504)),
        ("reset-before", "a connection reset before it acts", rule => With(rule, ("reset", "before"))),
        ("reset-after", "a connection reset after it acted", rule => With(rule, ("reset", "after"))),
        ("hang", "nothing, for longer than is waited", rule => With(rule, ("hang", true))),
        ("cut", "an answer cut after 20 bytes", rule => With(rule, ("cutAfterBytes", 20))),
        ("slow", "its answer after 700 ms", rule => With(rule, ("delayMs", 700))),
    ];

    private static readonly int[] Refusals = [401, 403, 404, 409, 410, 422];

    private static readonly (string Step, string Call)[] Steps =
    [
        ("plan", "GET pods/target$"), ("grant", "POST serviceaccounts$"), ("bind", "POST rolebindings$"), ("attach", "PATCH pods/target/ephemeralcontainers"),
        ("finish", "GET pods/target/exec.*summary"), ("retrieve", "GET pods/target/exec.*bs"), ("revoke", "DELETE rolebindings/"),
        ("token", "POST serviceaccounts/[^/]+/token"), ("listening", "GET pods/target/exec.*listening"), ("released", "GET pods/target/exec.*released"),
        ("revoke-account", "DELETE serviceaccounts/"), ("proof-binding", "GET rolebindings/"), ("proof-account", "GET serviceaccounts/"),
    ];

    public static IEnumerable<FaultCase> Passing() => Passes.Select(pass => new FaultCase(
        "API, passing", $"once-{pass.Name}", $"every call of every step is once answered with {pass.Words}", Outcome.Complete, scene => OnceAsync(scene, pass.Rule)));

    public static IEnumerable<FaultCase> Refusing() =>
        from step in Steps
        from status in Refusals
        where !(step.Step.StartsWith("proof", StringComparison.Ordinal) && status == 404) // It is the answer that proves.
        select new FaultCase(
            "API, refusing", $"{step.Step}-{status}", $"{Say(step.Call)} is {(!Revokes(step.Step) ? "always" : Times(step.Step, status) == 1 ? "once" : "three times")} answered with {status}", Refused(step.Step, status), scene => AlwaysAsync(scene, step, status));

    private static Outcome Refused(string step, int status) => (step, status) switch
    {
        _ when Revokes(step) => Outcome.Complete,
        ("plan", 404) => new("refused", null, FaultCodes.PodNotFound),
        ("plan", _) => new("refused", null, Code(status)),
        // Without the tap's account there is nothing to check the file against: it is kept, and said to be unchecked.
        ("finish", _) => new("completed", nameof(Verdict.Partial), Code(status)),
        // An exec that is not found may be one of a container that is not there yet.
        ("listening", 404) => new("failed", null, FaultCodes.AttachTimeout),
        ("retrieve", 404) => new("failed", nameof(Verdict.Failed), FaultCodes.TransferCut),
        ("retrieve", _) => new("failed", nameof(Verdict.Failed), Code(status)),
        _ => new("failed", null, Code(status)),
    };

    // A 403 without the words of RBAC is somebody else's: a webhook's, or a policy's.
    private static string Code(int status) => status == 403 ? FaultCodes.AdmissionRefused : FaultCodes.ClusterRefused;

    private static async Task<JsonNode> OnceAsync(FaultScene scene, Func<JsonObject, JsonObject> rule)
    {
        foreach (var call in Calls)
        {
            var (method, path) = Split(call);
            await scene.FaultAsync(path, it => With(rule(it), ("times", 1)), method);
        }

        await scene.FaultReviewsAsync(it => With(rule(it), ("times", 1)));
        var capture = await scene.CaptureAsync();
        var asked = await scene.AskedAsync();
        var met = asked.Where(request => request.Fault.Length > 0).Select(request => request.Fault).Distinct().Count();
        Assert.All(
            asked.Where(request => request.User != Admin && request.Path.Contains("/namespaces/", StringComparison.Ordinal)),
            request => Assert.Contains(Calls, call => Split(call) is var (method, path) && request.Method == method && Regex.IsMatch(request.Path, scene.PathOf(path))));
        Assert.True(met == Calls.Length + 1, $"{met} of {Calls.Length + 1} faults were met");
        return capture;
    }

    private static async Task<JsonNode> AlwaysAsync(FaultScene scene, (string Step, string Call) at, int status)
    {
        var (method, path) = Split(at.Call);
        await scene.FaultAsync(path, it => Answer(it, status), method);
        await scene.OrderAsync();
        if (Revokes(at.Step))
        {
            // Refused, it is asked for again.
            await Harness.Until.FoundAsync("the call of the revoke was refused", FaultScene.Soon, async () =>
                (await scene.AskedAsync()).Count(request => request.Fault.Length > 0) >= Times(at.Step, status) ? scene : null);
            await scene.MendAsync();
        }

        return await scene.WhenEndedAsync();
    }

    private static bool Revokes(string step) => step is "released" or "revoke" or "revoke-account" or "proof-binding" or "proof-account";

    // What looks like a deletion that was done is only found out by asking until no answer is expected any more; once is long enough.
    private static int Times(string step, int status) => step.StartsWith("revoke", StringComparison.Ordinal) && status is 404 or 409 ? 1 : 3;

    private static (string Method, string Path) Split(string call) => call.Split(' ', 2) is [var method, var path] ? (method, path) : throw new FormatException(call);

    private static string Say(string call) => Regex.Replace(call.Replace("[^/]+", "NAME", StringComparison.Ordinal), @"\.\*|\$", " ").Trim();

    /// <summary>A rule that answers with this status instead of acting.</summary>
    public static Func<JsonObject, JsonObject> Status(int status) => rule => Answer(rule, status);

    /// <summary>A rule that leaves one request without an answer.</summary>
    public static JsonObject NoAnswerOnce(JsonObject rule) => With(rule, ("hang", true), ("times", 1));

    private static JsonObject Answer(JsonObject rule, int status, params (string Name, JsonNode Value)[] more) => With(With(rule, ("status", status)), more);

    private static JsonObject With(JsonObject rule, params (string Name, JsonNode Value)[] more)
    {
        foreach (var (name, value) in more)
        {
            rule[name] = value.DeepClone();
        }

        return rule;
    }
}
