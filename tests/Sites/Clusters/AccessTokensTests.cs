using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Sites.Tests.Clusters;

public sealed class AccessTokensTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Source _source = new();
    private readonly AccessTokens _tokens;

    public AccessTokensTests()
    {
        _tokens = new("staging", _source, _time, NullLogger.Instance);
        _source.Answer = _ => Task.FromResult(Token("t1"));
    }

    [Fact]
    public async Task Get_ManyAtOnce_OneIsFetchedForAll()
    {
        var gate = new TaskCompletionSource<AccessToken>();
        _source.Answer = _ => gate.Task;

        var asked = Enumerable.Range(0, 50).Select(_ => GetAsync()).ToList();
        gate.SetResult(Token("t1"));
        var answers = await Task.WhenAll(asked);

        Assert.All(answers, answer => Assert.Equal("Bearer t1", answer));
        Assert.Equal(1, _source.Asked);
    }

    [Fact]
    public async Task Get_UntilRenewal_TheHeldTokenIsUsed()
    {
        await GetAsync();
        _time.Advance(TimeSpan.FromMinutes(54));
        await GetAsync();

        Assert.Equal(1, _source.Asked);
    }

    [Fact]
    public async Task Get_PastRenewal_TheHeldTokenIsUsedWhileTheNextIsFetched()
    {
        await GetAsync();
        var gate = new TaskCompletionSource<AccessToken>();
        _source.Answer = _ => gate.Task;
        _time.Advance(TimeSpan.FromMinutes(56));

        var meanwhile = await GetAsync();
        gate.SetResult(Token("t2"));
        await UntilAsync(async () => await GetAsync() == "Bearer t2");

        Assert.Equal("Bearer t1", meanwhile);
        Assert.Equal(2, _source.Asked);
    }

    [Fact]
    public async Task Get_RenewalFails_TheHeldTokenIsUsedToItsEndAndThenRefused()
    {
        await GetAsync();
        _source.Answer = _ => Task.FromException<AccessToken>(new InvalidOperationException("the identity was deleted"));

        _time.Advance(TimeSpan.FromMinutes(56));
        var held = await GetAsync();
        _time.Advance(TimeSpan.FromMinutes(4));
        var refusal = await Assert.ThrowsAsync<ClusterRefusalException>(GetAsync);

        Assert.Equal("Bearer t1", held);
        var fault = ClusterErrors.ToFault(refusal);
        Assert.Equal(FaultCodes.CredentialsFailed, fault.Code);
        Assert.Equal("cluster 'staging', a test: the identity was deleted", fault.Detail);
    }

    [Fact]
    public async Task Get_SourceFailed_IsAskedAgainAfterAPauseOnly()
    {
        _source.Answer = _ => Task.FromException<AccessToken>(new InvalidOperationException("no"));
        await Assert.ThrowsAsync<ClusterRefusalException>(GetAsync);
        await Assert.ThrowsAsync<ClusterRefusalException>(GetAsync);
        Assert.Equal(1, _source.Asked);
        _source.Answer = _ => Task.FromResult(Token("t1"));

        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal("Bearer t1", await GetAsync());
    }

    [Fact]
    public async Task Get_SourceHangs_IsRefusedAfterTheCap()
    {
        // A source that does not listen to its token either.
        _source.Answer = _ => new TaskCompletionSource<AccessToken>().Task;

        var asked = GetAsync();
        await UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(asked.IsCompleted);
        });

        var refusal = await Assert.ThrowsAsync<ClusterRefusalException>(() => asked);
        Assert.Contains("no token within 10 s", refusal.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_CallerGivesUp_TheOthersStillGetTheToken()
    {
        var gate = new TaskCompletionSource<AccessToken>();
        _source.Answer = _ => gate.Task;
        using var impatient = new CancellationTokenSource();

        var first = _tokens.GetAuthenticationHeaderAsync(impatient.Token);
        var second = GetAsync();
        impatient.Cancel();
        gate.SetResult(Token("t1"));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("Bearer t1", await second);
    }

    private async Task<string> GetAsync() => (await _tokens.GetAuthenticationHeaderAsync(CancellationToken.None)).ToString();

    private AccessToken Token(string value) => new(value, _time.GetUtcNow() + TimeSpan.FromMinutes(55), _time.GetUtcNow() + TimeSpan.FromMinutes(60));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds())
        {
            await Task.Delay(5, deadline.Token);
        }
    }

    private sealed class Source : ITokenSource
    {
        private int _asked;

        public string Name => "a test";

        public int Asked => _asked;

        public Func<CancellationToken, Task<AccessToken>> Answer { get; set; } = null!;

        public Task<AccessToken> FetchAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return Answer(cancellationToken);
        }
    }
}
