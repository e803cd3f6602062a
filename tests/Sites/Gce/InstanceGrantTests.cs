using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Gce;
using Google.Cloud.Compute.V1;

namespace CaptureFlow.Sites.Tests.Gce;

/// <summary>What is written to an instance, and what becomes of what others write at the same time. No node is needed.</summary>
public sealed class InstanceGrantTests
{
    private const string Others = "# by hand\r\nalice:ssh-ed25519 AAAAalice alice@laptop\nbob:ssh-rsa AAAAbob google-ssh {\"userName\":\"bob@shop\",\"expireOn\":\"2020-01-01T00:00:00+0000\"}";

    private static readonly NodeInstance Instance = new("shop-prod", "europe-west1-b", "node-1");
    private static readonly DateTimeOffset Later = new(2031, 2, 3, 4, 5, 6, TimeSpan.Zero);

    [Theory]
    [InlineData("")]
    [InlineData(Others)]
    [InlineData(Others + "\n")]
    [InlineData(Others + "\n\n")]
    public void Keys_AddedAndRemoved_LeaveOthersByteForByte(string before)
    {
        var (one, two) = (Line(), Line());

        var with = SshKeysText.With(SshKeysText.With(SshKeysText.With(before, one), two), one);
        var without = SshKeysText.Without(SshKeysText.Without(with, key => key == one), key => key == two);

        Assert.StartsWith(before, with, StringComparison.Ordinal);
        Assert.Equal([one, two], SshKeysText.Ours(with));
        Assert.Equal(before, without);
    }

    [Fact]
    public void KeyLine_Written_IsWhatTheGuestAgentReads()
    {
        var line = new SshKeyLine("captureflow", "ecdsa-sha2-nistp256 AAAA", "cf-0123456789abcdef", Later);

        Assert.Equal(
            "captureflow:ecdsa-sha2-nistp256 AAAA google-ssh {\"userName\":\"cf-0123456789abcdef@captureflow\",\"expireOn\":\"2031-02-03T04:05:06+0000\"}", line.ToString());
        Assert.Equal(line, SshKeyLine.TryRead(line.ToString()));
    }

    [Theory]
    [InlineData("bob:ssh-rsa AAAA google-ssh {\"userName\":\"bob@captureflow\",\"expireOn\":\"2031-02-03T04:05:06+0000\"}")]
    [InlineData("bob:ssh-rsa AAAA google-ssh {\"userName\":\"cf-0123456789abcdef@captureflow\"}")]
    [InlineData("bob:ssh-rsa AAAA google-ssh {\"userName\":")]
    [InlineData("bob:ssh-rsa AAAA cf-0123456789abcdef@captureflow")]
    [InlineData("google-ssh {}")]
    public void KeyLine_OfSomebodyElse_IsNotOurs(string line) => Assert.Null(SshKeyLine.TryRead(line));

    [Fact]
    public async Task Edit_AgainstOthersAndASlowOperation_LosesNothing()
    {
        var compute = new ComputeStandIn { Conflicts = 3, ["ssh-keys"] = Others, ["startup-script"] = "#!/bin/sh\n" };
        using var lab = new GceLab(compute);
        var line = Line();

        compute.SlowReads = 2;
        await lab.Part<InstanceKeys>().EnsureKeyAsync(Instance, line, default);
        var between = compute["ssh-keys"]!;
        await lab.Part<InstanceKeys>().EnsureNoKeysAsync(Instance, key => key == line, default);

        Assert.Equal([line], SshKeysText.Ours(between));
        Assert.Equal(Others + "\nother2:ssh-ed25519 AAAA2 other@host\nother1:ssh-ed25519 AAAA1 other@host\nother0:ssh-ed25519 AAAA0 other@host", compute["ssh-keys"]);
        Assert.Equal("#!/bin/sh\n", compute["startup-script"]);
        Assert.Equal(5, compute.Writes);
    }

    [Fact]
    public async Task Roles_Granted_ExpireByConditionAndGo()
    {
        var compute = new ComputeStandIn { Conflicts = 2 };
        var foreign = new Binding { Role = "roles/viewer", Condition = new() { Title = "captureflow of old", Expression = "true" } };
        compute.Policy.Bindings.Add(foreign);
        using var lab = new GceLab(compute);
        var roles = lab.Part<InstanceRoles>();
        var id = CaptureIds.New();

        await roles.EnsureAsync(Instance, ["roles/compute.instanceAdmin.v1", "roles/compute.osAdminLogin"], "serviceAccount:cf@shop-prod.iam.gserviceaccount.com", id, Later, default);
        await roles.EnsureAsync(Instance, ["roles/compute.instanceAdmin.v1"], "serviceAccount:cf@shop-prod.iam.gserviceaccount.com", id, Later, default);
        var granted = compute.Policy;
        await roles.EnsureNoneAsync(Instance, binding => InstanceRoles.CaptureOf(binding) == id, default);

        Assert.Equal(3, granted.Version);
        var binding = Assert.Single(granted.Bindings, b => b.Role == "roles/compute.osAdminLogin");
        Assert.Equal("request.time < timestamp(\"2031-02-03T04:05:06Z\")", binding.Condition.Expression);
        Assert.Equal(Later, InstanceRoles.ExpiresAt(binding));
        Assert.Equal(3, granted.Bindings.Count);
        Assert.Equal([foreign], compute.Policy.Bindings);
    }

    [Fact]
    public async Task Sweep_ExpiredKeysAndRoles_AreRemovedFromMetadataAlone()
    {
        var (live, expired) = (Line(), Line() with { ExpiresAt = Later.AddYears(-20) });
        var compute = new ComputeStandIn { ["ssh-keys"] = $"{Others}\n{expired}\n{live}" };
        using var lab = new GceLab(compute, configure: options =>
        {
            options.Roles.Add("roles/compute.osAdminLogin");
            options.Member = "serviceAccount:cf@shop-prod.iam.gserviceaccount.com";
        });
        await lab.Part<InstanceRoles>().EnsureAsync(Instance, ["roles/compute.osAdminLogin"], "user:a@b.c", expired.CaptureId, expired.ExpiresAt, default);

        var report = await lab.Method.SweepAsync(default);

        Assert.Equal([("ssh-key", expired.CaptureId), ("iam-binding", expired.CaptureId)], report.Findings.Select(f => (f.Kind, f.CaptureId)));
        Assert.All(report.Findings, finding => Assert.Equal(SweepOutcome.Removed, finding.Outcome));
        Assert.Single(report.Live);
        Assert.Empty(report.Faults);
        Assert.Equal($"{Others}\n{live}", compute["ssh-keys"]);
        Assert.Empty(compute.Policy.Bindings);
    }

    [Theory]
    [InlineData("TRUE", null, true)]
    [InlineData(null, "true", true)]
    [InlineData("FALSE", "TRUE", false)]
    [InlineData(null, null, false)]
    public async Task OsLogin_OnTheInstanceOrItsProject_IsRefusedWithTheRemedy(string? own, string? general, bool refused)
    {
        var compute = new ComputeStandIn();
        if (own is not null)
        {
            compute["enable-oslogin"] = own;
        }

        using var lab = new GceLab(compute, projects: new() { OsLogin = general });

        var faults = await lab.Method.CheckAsync(GceLab.Plan(), default);

        Assert.Equal(refused ? [FaultCodes.NodeUnsupported] : [], faults.Select(fault => fault.Code));
        Assert.All(faults, fault => Assert.Contains("enable-oslogin=FALSE", fault.Remedy, StringComparison.Ordinal));
        Assert.Equal(0, compute.Writes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("aws:///eu-west-1a/i-0123")]
    [InlineData("gce://other-project/europe-west1-b/node-1")]
    [InlineData("gce://shop-prod/europe-west1-b/node-1&port=23")]
    [InlineData("gce://shop-prod/europe-west1-b/node-1/../x")]
    public async Task Check_NodesThatAreNotConfigured_AreRefused(string? providerId)
    {
        using var lab = new GceLab(new ComputeStandIn());

        var faults = await lab.Method.CheckAsync(GceLab.Plan(providerId: providerId!), default);

        Assert.Equal(FaultCodes.NodeUnsupported, Assert.Single(faults).Code);
    }

    [Fact]
    public async Task Grant_GoogleSaysNo_IsAFaultWithItsWords()
    {
        using var lab = new GceLab(new ComputeStandIn { Forbidden = true });
        var plan = GceLab.Plan();

        var granted = await lab.Method.EnsureGrantAsync(plan, default);

        var fault = Assert.Single(granted.Faults);
        Assert.Equal(FaultCodes.NodeRefused, fault.Code);
        Assert.Contains("compute.instances.setMetadata", fault.Detail, StringComparison.Ordinal);
        Assert.True((await lab.Method.EnsureRevokedAsync(plan, default)).Proven);
    }

    [Fact]
    public async Task Revoke_InstanceGone_IsProven()
    {
        using var lab = new GceLab(new ComputeStandIn { Gone = true });

        var proof = await lab.Method.EnsureRevokedAsync(GceLab.Plan(), default);

        Assert.True(proof.Proven);
        Assert.Equal("404 NotFound", Assert.Single(proof.Answers).Answer);
    }

    private static SshKeyLine Line() => new("captureflow", "ecdsa-sha2-nistp256 AAAA" + CaptureIds.New(), CaptureIds.New(), Later);
}
