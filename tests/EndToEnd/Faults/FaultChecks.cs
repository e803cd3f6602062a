using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using k8s;

namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>What holds after every fault, whatever the capture came to.</summary>
internal static class FaultChecks
{
    /// <summary>What a capture came to, told in the words of what was expected.</summary>
    public static Outcome Read(JsonNode capture, Outcome expected)
    {
        var codes = Codes(capture);
        return new(
            capture["status"]!.GetValue<string>(),
            capture["verdict"]?.GetValue<string>(),
            expected.Code is { } code && codes.Contains(code) ? code : codes.FirstOrDefault());
    }

    public static async Task HoldAsync(FaultScene scene, Outcome expected, JsonNode capture)
    {
        var ended = Read(capture, expected);
        Assert.True(
            (ended.Status, ended.Verdict) == (expected.Status, expected.Verdict) && (expected.Code is null || ended.Code == expected.Code),
            $"expected {expected}, and it came to {ended}: {capture}");
        var asked = await scene.AskedAsync();
        Assert.True(!scene.HasRules || asked.Any(request => request.Fault.Length > 0), "the fault was never met");
        var granted = await NoGrantTooManyAsync(scene, expected, asked);
        await NothingLivesAsync(scene);
        if (granted)
        {
            Assert.True(capture["revocation"]?["proven"]?.GetValue<bool>(), $"the revocation is not proven: {capture}");
        }

        await EvidenceHoldsAsync(scene, capture);
    }

    // A grant that was made, cut before the answer, and found again was made once.
    private static async Task<bool> NoGrantTooManyAsync(FaultScene scene, Outcome expected, IReadOnlyList<AskedRequest> asked)
    {
        var made = asked.Where(request => request is { Verb: "create", Status: 201 }).ToList();
        var accounts = made.Count(request => request.Path.EndsWith("/serviceaccounts", StringComparison.Ordinal));
        var bindings = made.Count(request => request.Path.EndsWith("/rolebindings", StringComparison.Ordinal));
        Assert.True(accounts <= expected.Grants && bindings <= expected.Grants, $"{accounts} accounts and {bindings} bindings were made");
        var pods = await scene.Sandbox.Admin.CoreV1.ListNamespacedPodAsync(scene.Space);
        Assert.True(pods.Items.All(pod => (pod.Spec.EphemeralContainers?.Count ?? 0) <= 1), "more than one container was attached");
        return accounts > 0;
    }

    private static async Task NothingLivesAsync(FaultScene scene)
    {
        Assert.Empty(await scene.LeftOversAsync());
        Assert.True(await scene.TapAsync() is null or { State.Running: null }, "the tap still runs");
    }

    private static async Task EvidenceHoldsAsync(FaultScene scene, JsonNode capture)
    {
        if (capture["verdict"]?.GetValue<string>() is not { } verdict || verdict == nameof(Verdict.Failed))
        {
            return;
        }

        var (manifest, _) = await StoredCapture.VerifiedAsync(scene.Api, scene.Id);
        Assert.Equal(verdict, manifest.Evidence.Verdict.ToString());
        if (manifest.Evidence.Verdict == Verdict.Complete)
        {
            Assert.True(manifest.Evidence.Packets > 0);
            Assert.Equal((manifest.Tapped!.Bytes, manifest.Tapped.Sha256), (manifest.Evidence.Bytes, manifest.Evidence.Sha256));
        }
        else
        {
            Assert.NotEmpty(manifest.Evidence.Reasons);
        }
    }

    private static List<string> Codes(JsonNode capture) => [.. (capture["faults"]?.AsArray() ?? []).Select(fault => fault!["code"]!.GetValue<string>())];
}
