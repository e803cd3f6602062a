using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Sites.Kubernetes;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>What the API server says no to, asked not by a review but by trying it; and that the stored proof has its own words.</summary>
public sealed class RealClusterRefusalTests(RealCluster cluster) : IClassFixture<RealCluster>
{
    [Fact]
    public async Task OwnIdentity_TriesWhatIsNotItsBusiness_IsForbidden()
    {
        RealCluster.SkipUnlessWanted();
        const string pod = "untouched";
        await cluster.RunAsync(RealPods.Web(pod));
        using var own = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(cluster.CaptureFlowKubeconfig));
        var (core, rbac, space) = (own.CoreV1, own.RbacAuthorizationV1, cluster.Namespace);
        var everything = new V1PolicyRule { ApiGroups = ["*"], Resources = ["*"], Verbs = ["*"] };

        (int Status, string Words)[] answers =
        [
            await AnswerAsync(() => core.CreateNamespacedPodAsync(RealPods.Web("own"), space)),
            await AnswerAsync(() => core.DeleteNamespacedPodAsync(pod, space)),
            await AnswerAsync(() => own.WebSocketNamespacedPodExecAsync(pod, space, "id", stdin: false, tty: false)),
            await AnswerAsync(() => core.PatchNamespacedPodEphemeralcontainersAsync(new V1Patch("{}", V1Patch.PatchType.StrategicMergePatch), pod, space)),
            await AnswerAsync(() => core.ReadNamespacedPodLogAsync(pod, space)),
            await AnswerAsync(() => core.ListNamespacedSecretAsync(space)),
            await AnswerAsync(() => rbac.CreateNamespacedRoleBindingAsync(Binding("cluster-admin"), space)),
            await AnswerAsync(() => rbac.CreateNamespacedRoleBindingAsync(Binding("edit"), space)),
            await AnswerAsync(() => rbac.CreateNamespacedRoleAsync(new() { Metadata = new() { Name = "own" }, Rules = [everything] }, space)),
            await AnswerAsync(() => rbac.PatchClusterRoleAsync(new V1Patch("{\"rules\":[]}", V1Patch.PatchType.MergePatch), GrantMarks.Role)),
        ];

        Assert.All(answers, answer => Assert.True(answer.Status == 403, $"{answer}"));
        Assert.Equal("Running", (await cluster.PodAsync(pod)).Status.Phase);
    }

    [Fact]
    public async Task Capture_Ended_StoredProofHasTheServersWords()
    {
        RealCluster.SkipUnlessWanted();
        await cluster.RunAsync(RealPods.Busy("proven"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);

        var id = await host.Api.OrderAsync(new { target = new { pod = $"{cluster.Namespace}/proven" }, window = new { duration = "2s" } });
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["status"]!.GetValue<string>() == "completed", $"{capture}\n{host.Log}");
        var answers = (await host.Api.ManifestAsync(id)).Revocation!.Answers;
        var account = $"system:serviceaccount:{AccountHome.Default}:{id}";
        Assert.Equal("401 Unauthorized: Unauthorized", answers.Single(answer => answer.Question == $"token of {account}").Answer);
        Assert.Equal("404 NotFound", answers.Single(answer => answer.Question == $"serviceaccount {AccountHome.Default}/{id}").Answer);
        Assert.Equal("404 NotFound", answers.Single(answer => answer.Question == $"rolebinding {cluster.Namespace}/{id}").Answer);
        Assert.Equal(2, answers.Count(answer => answer.Question.StartsWith($"may {account} ", StringComparison.Ordinal) && answer.Answer.StartsWith("denied", StringComparison.Ordinal)));
        Assert.All(answers, answer => Assert.True(answer.Holds, $"{answer}"));
    }

    private V1RoleBinding Binding(string role) => new()
    {
        Metadata = new() { Name = "own" },
        RoleRef = new() { ApiGroup = GrantMarks.RbacGroup, Kind = "ClusterRole", Name = role },
        Subjects = [new() { Kind = "ServiceAccount", Name = "default", NamespaceProperty = cluster.Namespace }],
    };

    private static async Task<(int Status, string Words)> AnswerAsync(Func<Task> call)
    {
        try
        {
            await call();
            return (200, "allowed");
        }
        catch (Exception e) when (ClusterErrors.Read(e) is { } failure)
        {
            return (failure.Status, failure.Words);
        }
    }
}
