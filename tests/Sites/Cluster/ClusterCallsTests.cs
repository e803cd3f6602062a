using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Sites.Tests.Cluster;

public sealed class ClusterCallsTests
{
    private int _asked;

    [Fact]
    public async Task Ask_OverloadedTwice_IsAskedAgain()
    {
        var answer = await Calls(TimeSpan.FromSeconds(30)).AskAsync("it", Answering(503, 503), CancellationToken.None);

        Assert.Equal(("yes", 3), (answer, _asked));
    }

    [Fact]
    public async Task Ask_Refused_IsAskedOnce()
    {
        var refusal = await Assert.ThrowsAsync<ClusterRefusalException>(
            () => Calls(TimeSpan.FromSeconds(30)).AskAsync("it", Answering(403), CancellationToken.None));

        Assert.Equal((403, 1), (refusal.Status, _asked));
    }

    [Fact]
    public async Task Ask_OverloadedForTooLong_SaysThatTheStepIsWorthRepeating()
    {
        var thrown = await Assert.ThrowsAsync<StepUnavailableException>(
            () => Calls(TimeSpan.FromMilliseconds(400)).AskAsync("get it", Answering(503, 503, 503, 503, 503, 503, 503, 503), CancellationToken.None));

        Assert.StartsWith("get it: 503", thrown.Message, StringComparison.Ordinal);
        Assert.InRange(_asked, 2, 5);
    }

    [Fact]
    public async Task Ask_NoAnswer_IsCappedAndAskedAgain()
    {
        var calls = Calls(TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(200));

        var answer = await calls.AskAsync(
            "it",
            async token =>
            {
                if (++_asked == 1)
                {
                    await Task.Delay(Timeout.Infinite, token);
                }

                return "yes";
            },
            CancellationToken.None);

        Assert.Equal(("yes", 2), (answer, _asked));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("Tue, 01 Jan 2030 12:00:07 GMT")]
    public async Task Ask_ThrottledWithRetryAfter_WaitsAsLongAsAsked(string retryAfter)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));

        var asking = Calls(TimeSpan.FromSeconds(30), time: time).AskAsync("it", Throttled(retryAfter), CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(6.9));
        var early = _asked;
        time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(("yes", 1, 2), (await asking, early, _asked));
    }

    [Fact]
    public async Task Ask_ThrottledForLongerThanTheStepHas_SaysSoAtOnce()
    {
        var thrown = await Assert.ThrowsAsync<StepUnavailableException>(
            () => Calls(TimeSpan.FromSeconds(30)).AskAsync("it", Throttled("3600"), CancellationToken.None));

        Assert.Equal(("it: 429 TooManyRequests: later", 1), (thrown.Message, _asked));
    }

    [Fact]
    public async Task Ask_ConnectionReset_IsAskedAgain()
    {
        var answer = await Calls(TimeSpan.FromSeconds(30)).AskAsync(
            "it",
            _ => ++_asked == 1 ? Task.FromException<string>(new HttpRequestException("gone", new IOException("reset"))) : Task.FromResult("yes"),
            CancellationToken.None);

        Assert.Equal(("yes", 2), (answer, _asked));
    }

    [Fact]
    public async Task Ask_Cancelled_IsNotAskedAgain()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Calls(TimeSpan.FromSeconds(30)).AskAsync("it", token => Task.FromCanceled<string>(token), cancelled.Token));
    }

    [Fact]
    public async Task TryFind_NotFound_IsNull()
    {
        Assert.Null(await Calls(TimeSpan.Zero).TryFindAsync("it", Answering(404), CancellationToken.None));
    }

    private static ClusterCalls Calls(TimeSpan retryFor, TimeSpan? cap = null, TimeProvider? time = null) => new(
        Options.Create(new ClusterOptions { RetryFor = retryFor, RequestTimeout = cap ?? TimeSpan.FromSeconds(10) }),
        time ?? TimeProvider.System,
        NullLogger<ClusterCalls>.Instance);

    private Func<CancellationToken, Task<string>> Throttled(string retryAfter) => _ =>
    {
        if (++_asked > 1)
        {
            return Task.FromResult("yes");
        }

        using var message = new HttpResponseMessage(System.Net.HttpStatusCode.TooManyRequests);
        message.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return Task.FromException<string>(new HttpOperationException { Response = new HttpResponseMessageWrapper(message, "later") });
    };

    private Func<CancellationToken, Task<string>> Answering(params int[] statuses) => _ =>
        _asked++ < statuses.Length
            ? Task.FromException<string>(new KubernetesException(new V1Status { Code = statuses[_asked - 1], Reason = "Reason", Message = "words" }))
            : Task.FromResult("yes");
}
