namespace CaptureFlow.Orchestrations.Tests;

public sealed class FleetRulesTests
{
    [Theory]
    [InlineData("deploy/web", "deployment", "web")]
    [InlineData("StatefulSet/db", "statefulset", "db")]
    [InlineData("jobs/import-1", "job", "import-1")]
    public void TryReadWorkload_KubectlsSpelling_IsUnderstood(string text, string kind, string name)
    {
        Assert.Equal((kind, name), FleetRules.TryReadWorkload(text));
    }

    [Theory]
    [InlineData("web")]
    [InlineData("pod/web")]
    [InlineData("deployment/Web")]
    [InlineData("deployment/../secrets/x")]
    [InlineData("deployment/")]
    public void TryReadWorkload_Anything_Else_IsNone(string text)
    {
        Assert.Null(FleetRules.TryReadWorkload(text));
    }

    [Fact]
    public void Check_ManyFaults_AllNamedAtOnce()
    {
        var order = new FleetOrder(
            "cf-0000000000000000",
            new FleetTarget("Shop", "pod/web", "app=web&x", MaxPods: 99),
            new CaptureWindow(TimeSpan.FromHours(2), 256, 1 << 20),
            null,
            "tests",
            null,
            DateTimeOffset.UnixEpoch);

        var fields = FleetRules.Check(order, new CapturePolicy()).Select(fault => fault.Field!);

        Assert.Equal(["target.maxPods", "target.namespace", "target.selector", "target.workload", "window.duration"], fields.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("shop/web", " If shop is the namespace of a pod: captureflow capture -n shop web, or target.pod shop/web.")]
    [InlineData("pod", "")]
    [InlineData("Shop/web", "")]
    public void Check_WhatNamesNoWorkload_LeadsToThePodThatItMayBe(string text, string more)
    {
        var order = new FleetOrder(
            "cf-0000000000000000", new FleetTarget("shop", text, null), new CaptureWindow(TimeSpan.FromSeconds(5), 256, 1 << 20), null, "tests", null, DateTimeOffset.UnixEpoch);

        var fault = Assert.Single(FleetRules.Check(order, new CapturePolicy()));

        Assert.Equal("Write KIND/NAME, the kind one of deployment, statefulset, daemonset, replicaset, job." + more, fault.Remedy);
    }

    [Fact]
    public void For_SamePod_IsTheSameCapture()
    {
        var member = FleetMember.Of("cf-0000000000000000", DateTimeOffset.UnixEpoch, "web", "uid");

        Assert.Equal(member, FleetMember.Of("cf-0000000000000000", DateTimeOffset.UnixEpoch, "web", "uid"));
        Assert.NotEqual(member.CaptureId, FleetMember.Of("cf-0000000000000000", DateTimeOffset.UnixEpoch, "web", "another").CaptureId);
        Assert.NotEqual(member.CaptureId, FleetMember.Of("cf-0000000000000000", DateTimeOffset.UnixEpoch.AddDays(30), "web", "uid").CaptureId);
        Assert.True(CaptureIds.IsValid(member.CaptureId));
    }
}
