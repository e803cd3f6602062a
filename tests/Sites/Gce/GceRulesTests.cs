using CaptureFlow.Sites.Gce;
using CaptureFlow.Sites.Kubernetes;

namespace CaptureFlow.Sites.Tests.Gce;

public sealed class GceRulesTests
{
    [Fact]
    public void Validate_EverythingWrong_IsSaidAtOnce()
    {
        var options = new GceOptions { Projects = { "No Project" }, Roles = { "admin" }, HostKeys = HostKeySource.Pinned, Credential = "password", LoginWithin = TimeSpan.FromMinutes(5), CredentialFile = "/nosuch" };

        var result = new GceRules().Validate(null, options);

        Assert.Equal(7, result.Failures!.Count());
        Assert.All(result.Failures!, problem => Assert.StartsWith("CaptureFlow:Gce:", problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKJLXv0cQiFZfBfnUXCZFVIKyLo8WbBFhDFYvRLTKLsN", true)]
    [InlineData("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIKJLXv0cQiFZfBfnUXCZFVIKyLo8WbBFhDFYvRLTKLsN", false)]
    [InlineData("SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", true)]
    [InlineData("SHA256:AAAA", false)]
    [InlineData("ssh-ed25519", false)]
    public void Validate_PinnedKeys_MustBeKeys(string key, bool holds)
    {
        var options = new GceOptions { HostKeys = HostKeySource.Pinned, PinnedHostKeys = { ["node-1"] = key } };

        Assert.Equal(holds, new GceRules().Validate(null, options).Succeeded);
    }

    [Theory]
    [InlineData("roles/compute.instanceAdmin.v1", true)]
    [InlineData("projects/shop-prod/roles/captureflow_node", true)]
    [InlineData("roles/iam.serviceAccountUser", false)]
    [InlineData("roles/iap.tunnelResourceAccessor", false)]
    public void Validate_Roles_AreThoseOfAnInstance(string role, bool holds)
    {
        var result = new GceRules().Validate(null, new GceOptions { Roles = { role }, Member = "serviceAccount:cf@shop-prod.iam.gserviceaccount.com" });

        Assert.Equal(holds, result.Succeeded);
        Assert.Equal(!holds, result.FailureMessage?.Contains($"'{role}' cannot be granted on an instance", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Validate_Defaults_AreValid() => Assert.True(new GceRules().Validate(null, new GceOptions { Credential = ClusterKinds.ApplicationDefault }).Succeeded);
}
