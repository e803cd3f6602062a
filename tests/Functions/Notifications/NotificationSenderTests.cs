using System.Net;
using CaptureFlow.Functions.Notifications;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Functions.Tests.Notifications;

/// <summary>When a receiver is told again, and where messages never go.</summary>
public sealed class NotificationSenderTests : IDisposable
{
    private static readonly CaptureEnding Ending = new() { CaptureId = "cf-0000000000000000", Target = "shop/web", State = CaptureState.Completed, EndedAt = DateTimeOffset.UnixEpoch };

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly NotificationSender _sender;

    public NotificationSenderTests() => _sender = new(_time);

    public void Dispose() => _sender.Dispose();

    [Theory]
    [InlineData(429, "30")]
    [InlineData(503, "30")]
    [InlineData(429, "Wed, 04 Mar 2026 12:00:30 GMT")]
    public async Task Send_RetryAfter_IsHeeded(int status, string retryAfter)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (attempt, http) =>
        {
            http.Response.StatusCode = attempt == 1 ? status : 204;
            http.Response.Headers.RetryAfter = attempt == 1 ? retryAfter : default;
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<StepUnavailableException>(() => SendAsync(receiver.Url));
        _time.Advance(TimeSpan.FromSeconds(29));
        await Assert.ThrowsAsync<StepUnavailableException>(() => SendAsync(receiver.Url));
        var early = receiver.Messages.Count;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(receiver.Url));
        Assert.Equal((1, 2), (early, receiver.Messages.Count));
    }

    [Fact]
    public async Task Send_ManyAddressesThatAskedToBeLeftAlone_NoneIsRememberedForLonger()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, http) =>
        {
            http.Response.StatusCode = 429;
            http.Response.Headers.RetryAfter = "30";
            return Task.CompletedTask;
        };
        for (var i = 0; i < 3; i++)
        {
            await SendAsync(new Uri(receiver.Url, $"/{i}"));
        }

        var before = _sender.Heeded;
        _time.Advance(TimeSpan.FromSeconds(30));
        await SendAsync(new Uri(receiver.Url, "/another"));

        Assert.Equal((3, 1), (before, _sender.Heeded));

        async Task SendAsync(Uri url) => await Assert.ThrowsAsync<StepUnavailableException>(() => this.SendAsync(url));
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.0.1", true)]
    [InlineData("192.168.0.1", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("64:ff9b::a01:203", true)]
    [InlineData("fd12:3456::1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("169.254.169.254", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("fe80::1", false)]
    [InlineData("168.63.129.16", false)]
    public void Address_ThatIsNotPublic_IsRefusedUnlessPrivateOnesAreAllowed(string address, bool allowable)
    {
        ReceiverOptions receiver = new() { Url = new("https://hooks.example.com/") };
        ReceiverOptions own = new() { Url = new("https://hooks.internal.example.com/"), AllowPrivate = true };

        Assert.NotNull(ReceiverAddresses.Refusal(IPAddress.Parse(address), receiver));
        Assert.Equal(allowable, ReceiverAddresses.Refusal(IPAddress.Parse(address), own) is null);
    }

    [Theory]
    [InlineData("93.184.215.14")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:2800:21f:cb07:6820:80da:af6b:8b2c")]
    public void Address_ThatIsPublic_IsAReceivers(string address) =>
        Assert.Null(ReceiverAddresses.Refusal(IPAddress.Parse(address), new() { Url = new("https://hooks.example.com/") }));

    [Fact]
    public async Task Connect_NameThatLeadsToLoopback_IsRefusedBeforeAnythingIsSent()
    {
        await using var receiver = await Receiver.StartAsync();
        ReceiverOptions named = new() { Url = new("https://hooks.example.com/"), AllowPrivate = true };

        // What a name server of somebody else's would answer; the name of this machine's loopback stands for it.
        var refusal = await Assert.ThrowsAsync<ReceiverRefusedException>(() => ReceiverAddresses.ConnectAsync(new("localhost", receiver.Url.Port), named, CancellationToken.None));

        Assert.Contains("loopback", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(receiver.Messages);
    }

    private Task<HttpStatusCode> SendAsync(Uri url) => _sender.SendAsync(new() { Url = url, Secrets = ["a-notification-secret-of-the-tests"] }, Ending, null, CancellationToken.None);
}
