using CaptureFlow.Sites.Kubernetes;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Sites.Tests.Cluster;

/// <summary>The server's clock, as its answers tell it.</summary>
public sealed class ClusterClockTests
{
    private readonly FakeTimeProvider _time = new(new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Now_NothingToldYet_IsThisHostsClock()
    {
        ClusterClock clock = new(_time);

        Assert.Equal((false, TimeSpan.Zero, _time.GetUtcNow()), (clock.IsKnown, clock.Ahead, clock.Now));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    [InlineData(-7200)]
    public void Now_ServersClockApart_IsTheServers(int seconds)
    {
        ClusterClock clock = new(_time);
        clock.Told(_time.GetUtcNow().AddSeconds(seconds));

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(_time.GetUtcNow().AddSeconds(seconds + 0.5), clock.Now);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(2)]
    public void Ahead_WithinSeconds_IsNone(int seconds)
    {
        ClusterClock clock = new(_time);

        clock.Told(_time.GetUtcNow().AddSeconds(seconds));

        Assert.Equal((true, TimeSpan.Zero), (clock.IsKnown, clock.Ahead));
    }

    [Fact]
    public void Ahead_ClockIsSetRightMeanwhile_TheNextAnswerTells()
    {
        ClusterClock clock = new(_time);
        clock.Told(_time.GetUtcNow().AddMinutes(5));

        clock.Told(_time.GetUtcNow());

        Assert.Equal(TimeSpan.Zero, clock.Ahead);
    }
}
