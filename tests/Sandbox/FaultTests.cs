using System.Diagnostics;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Tests;

public sealed class FaultTests(ClusterFixture fixture) : ClusterTest(fixture)
{
    private string Accounts => $"/api/v1/namespaces/{Space}/serviceaccounts";

    [Fact]
    public async Task Status_AfterOneForTwo_HitsTheSecondAndThird()
    {
        await AddAsync($"{{ method: GET, path: '{Accounts}$', after: 1, times: 2, status: 429, retryAfterSeconds: 3 }}");
        var codes = new List<int>();

        for (var i = 0; i < 4; i++)
        {
            codes.Add((await Admin.GetAsync(Accounts)).Code);
        }

        Assert.Equal([200, 429, 429, 200], codes);
    }

    [Fact]
    public async Task Status_Body_IsAStatusWithTheUsualReason()
    {
        await AddAsync($"{{ path: '{Accounts}', status: 503, message: down }}");

        var (code, body) = await Admin.GetAsync(Accounts);

        Assert.Equal(503, code);
        Assert.Equal(("Status", "ServiceUnavailable", "down"), (body.Text("kind"), body.Text("reason"), body.Text("message")));
    }

    [Fact]
    public async Task Reset_Before_CutsAndDoesNotAct()
    {
        await AddAsync($"{{ method: POST, path: '{Accounts}', times: 1, reset: before }}");

        await Assert.ThrowsAsync<HttpRequestException>(() => Admin.PostAsync(Accounts, Json("{ metadata: { name: a } }")));

        Assert.Equal(404, (await Admin.GetAsync($"{Accounts}/a")).Code);
    }

    [Fact]
    public async Task Reset_After_CutsAndHasActed()
    {
        await AddAsync($"{{ method: POST, path: '{Accounts}', times: 1, reset: after }}");

        await Assert.ThrowsAsync<HttpRequestException>(() => Admin.PostAsync(Accounts, Json("{ metadata: { name: a } }")));

        Assert.Equal(200, (await Admin.GetAsync($"{Accounts}/a")).Code);
    }

    [Fact]
    public async Task Delay_Milliseconds_HoldsTheAnswer()
    {
        await AddAsync($"{{ path: '{Accounts}', delayMs: 300 }}");
        var watch = Stopwatch.StartNew();

        var (code, _) = await Admin.GetAsync(Accounts);

        Assert.Equal(200, code);
        Assert.True(watch.ElapsedMilliseconds >= 290, $"{watch.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task CutAfterBytes_OnExec_DeliversSoManyAndNoStatus()
    {
        await CreateSleeperAsync("box");
        await AddAsync($"{{ path: '{Pods}/box/exec', times: 1, cutAfterBytes: 100000 }}");
        var path = ExecClient.Path(Space, "box", "main", ["head", "-c", "300000", "/dev/zero"]);

        using var cut = await Admin.OpenAsync(path, "v4.channel.k8s.io");
        var first = await ExecClient.ReadAsync(cut);
        using var whole = await Admin.OpenAsync(path, "v4.channel.k8s.io");
        var second = await ExecClient.ReadAsync(whole);

        Assert.Null(first.Status);
        Assert.InRange(first.Stdout.Length, 0, 100_000);
        Assert.Equal(300_000, second.Stdout.Length);
        Assert.Equal("0", second.ExitCode);
    }

    [Fact]
    public async Task CutAfterBytes_OnAnAnswer_BreaksTheBody()
    {
        await AddAsync($"{{ path: '{Accounts}', times: 1, cutAfterBytes: 20 }}");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Admin.GetAsync(Accounts));
    }

    [Fact]
    public async Task Hang_NeverAnswers_UntilTheClientGivesUp()
    {
        await AddAsync($"{{ path: '{Accounts}', times: 1, hang: true }}");

        var waiting = Admin.GetAsync(Accounts);
        var log = await WaitForAsync("/sandbox/requests", entries => entries.AsArray().Any(entry => (entry.Text("path") ?? "").Contains(Space, StringComparison.Ordinal) && (entry.Text("fault") ?? "").Length > 0));

        Assert.False(waiting.IsCompleted);
        Assert.Equal(0, log.AsArray().Last(entry => (entry.Text("fault") ?? "").Length > 0).Number("status"));
    }

    [Fact]
    public async Task Requests_AfterSome_TellWhoAskedWhat()
    {
        await Nobody.GetAsync($"{Pods}?labelSelector=a%3Db");

        var (_, log) = await Admin.GetAsync("/sandbox/requests");

        var entry = log!.AsArray().Last(item => (item.Text("path") ?? "").StartsWith(Pods, StringComparison.Ordinal));
        Assert.Equal(("nobody", "list", "GET", 403L), (entry.Text("user"), entry.Text("verb"), entry.Text("method"), entry.Number("status")));
    }

    [Theory]
    [InlineData("{ path: '(' }")]
    [InlineData("{ reset: sometimes }")]
    [InlineData("{ colour: red }")]
    [InlineData("{ times: -1 }")]
    public async Task Add_RuleWithAFault_IsBadRequest(string rule)
    {
        var (code, _) = await Admin.PostAsync("/sandbox/faults", Json(rule));

        Assert.Equal(400, code);
    }

    [Fact]
    public async Task Add_ByAUserWithoutRights_IsForbidden()
    {
        var (code, _) = await Nobody.PostAsync("/sandbox/faults", Json("{ status: 500 }"));

        Assert.Equal(403, code);
    }

    private async Task AddAsync(string rule)
    {
        var (code, body) = await Admin.PostAsync("/sandbox/faults", Json(rule));
        Assert.True(code == 201, body?.ToText());
    }
}
