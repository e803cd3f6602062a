using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Tests;

/// <summary>A pod's own deadline (<c>activeDeadlineSeconds</c>), which ends what hangs.</summary>
public sealed class ActiveDeadlineTests(ClusterFixture fixture) : ClusterTest(fixture)
{
    [Fact]
    public async Task Create_DeadlinePasses_IsFailedOnceAndItsProcessesAreGone()
    {
        // Ignores TERM, and would be started again.
        await CreatePodAsync("box", "{ activeDeadlineSeconds: 2, restartPolicy: Always, containers: [ { name: main, image: netshoot, command: [sh, -c, 'trap : TERM; while :; do sleep 0.1; done'] } ] }");
        await WaitForPodAsync("box", pod => pod.Text("status", "phase") == "Running");

        var failed = await WaitForPodAsync("box", pod => pod.Text("status", "phase") == "Failed" && State(pod).At("terminated") is not null);

        Assert.Equal("DeadlineExceeded", failed.Text("status", "reason"));
        Assert.NotEqual(0, State(failed).Number("terminated", "exitCode"));
        Assert.Equal(0, failed.Items("status", "containerStatuses").Single().Number("restartCount"));
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var socket = await Admin.OpenAsync(ExecClient.Path(Space, "box", "main", ["true"]), "v4.channel.k8s.io");
        });
    }

    [Fact]
    public async Task Delete_AfterTheDeadline_IsGone()
    {
        await CreatePodAsync("box", "{ activeDeadlineSeconds: 1, containers: [ { name: main, image: netshoot, command: [sleep, infinity] } ] }");
        await WaitForPodAsync("box", pod => pod.Text("status", "reason") == "DeadlineExceeded");

        var (code, _) = await Admin.DeleteAsync($"{Pods}/box?gracePeriodSeconds=0");

        Assert.Equal(200, code);
        await WaitForPodAsync("box", pod => pod.Number("code") == 404);
    }

    [Fact]
    public async Task Create_EndsBeforeItsDeadline_Succeeds()
    {
        await CreatePodAsync("box", "{ activeDeadlineSeconds: 600, restartPolicy: Never, containers: [ { name: main, image: netshoot, command: [sh, -c, 'exit 0'] } ] }");

        var pod = await WaitForPodAsync("box", now => now.Text("status", "phase") is "Succeeded" or "Failed");

        Assert.Equal(("Succeeded", null), (pod.Text("status", "phase"), pod.Text("status", "reason")));
    }

    private static JsonNode? State(JsonNode pod) => pod.Items("status", "containerStatuses").Single().At("state");
}
