using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Nodes;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Tests.Api.Hostile;

/// <summary>
/// Hundreds of malformed and malicious requests, byte for byte over a socket: each is answered with a clear 4xx, nothing starts, and nothing of
/// what was sent is in the log.
/// </summary>
public sealed class HostileInputTests(ApiHost host) : IClassFixture<ApiHost>
{
    /// <summary>At least so many different requests.</summary>
    private const int Fewest = 500;

    private static readonly HashSet<string> Codes = [.. typeof(FaultCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];

    [Fact]
    public async Task Requests_OfEveryKind_RefusedAndNothingStartsAndNothingIsLogged()
    {
        var stored = await host.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "1s" } });
        await host.WhenEndedAsync(stored);
        List<HostileRequest> requests = [.. HostileOrders.All(), .. HostileBodies.All(), .. HostileAddresses.All(stored)];
        var before = (Instances: await host.CountInstancesAsync(), Entries: host.Log.Entries.Count);

        ConcurrentBag<string> wrong = [];
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (request, _) =>
        {
            if (await WrongAsync(request) is { } what)
            {
                wrong.Add($"{request.Name}: {what}");
            }
        });

        Assert.True(wrong.IsEmpty, string.Join('\n', wrong.Select(text => text.Length < 500 ? text : text[..500])));
        Assert.InRange(requests.DistinctBy(request => Convert.ToHexString(request.Bytes)).Count(), Fewest, int.MaxValue);
        Assert.Equal(before.Instances, await host.CountInstancesAsync());
        AssertClean(host.Log.Entries.Skip(before.Entries));
        using var health = await host.Http.GetAsync(new Uri("/api/health", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task Requests_WithAWrongKey_NotAnsweredByAnyFunctionAndTheKeyNotLogged()
    {
        await using ApiHost locked = new() { Key = "0123456789abcdefghij" };
        await locked.InitializeAsync();

        var answers = await Task.WhenAll(HostileBodies.All().Where(request => request.ByTheApplication).Select(request => RawHttp.SendAsync(locked.Url, request.Bytes, request.HalfClose)));

        Assert.All(answers, answer => Assert.Equal(401, answer.Status));
        Assert.DoesNotContain(locked.Log.Entries, entry => entry.Text.Contains(HostileRequest.Secret, StringComparison.Ordinal) || entry.Text.Contains(locked.Key!, StringComparison.Ordinal));
    }

    private static void AssertClean(IEnumerable<(LogLevel Level, string Text)> entries) => Assert.All(entries, entry =>
    {
        Assert.True(entry.Level < LogLevel.Error, entry.Text);
        Assert.DoesNotContain(HostileRequest.Secret, entry.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(entry.Text, c => char.IsControl(c) && c is not ('\r' or '\n'));
        Assert.DoesNotContain("X-Evil", entry.Text, StringComparison.Ordinal);
    });

    private async Task<string?> WrongAsync(HostileRequest request)
    {
        (int Status, string Headers, string Body) answer;
        try
        {
            answer = await RawHttp.SendAsync(host.Url, request.Bytes, request.HalfClose);
        }
        catch (OperationCanceledException)
        {
            return "no answer";
        }

        return answer switch
        {
            // It went away before it was answered.
            { Status: 0 } when request.HalfClose => null,
            { Status: < 400 or > 499 } => $"{answer.Status} {answer.Body}",
            _ when answer.Body.Contains(HostileRequest.Secret, StringComparison.Ordinal) && !request.Name.Contains("secret", StringComparison.Ordinal)
                && !request.Name.StartsWith("a field", StringComparison.Ordinal) => $"repeats the secret: {answer.Body}",
            _ when answer.Headers.Contains("X-Evil", StringComparison.Ordinal) => "a header that was smuggled in",
            _ when answer.Body.Any(char.IsControl) => $"control characters in {answer.Body}",
            _ when answer.Body.Length > 20_000 => $"{answer.Body.Length} bytes",
            _ => request.ByTheApplication ? WrongProblem(answer.Headers, answer.Body, answer.Status) : null,
        };
    }

    private static string? WrongProblem(string headers, string body, int status)
    {
        if (!headers.Contains("application/problem+json", StringComparison.Ordinal))
        {
            return $"no problem document: {headers} {body}";
        }

        var problem = JsonNode.Parse(body)!;
        return problem["status"]!.GetValue<int>() == status && problem["errors"] is JsonArray { Count: > 0 } errors && Codes.Contains(problem["code"]!.GetValue<string>())
            && errors.All(error => error!["message"]!.GetValue<string>().Length > 0 && error["remedy"]!.GetValue<string>().Length > 0)
            ? null
            : $"no clear problem: {body}";
    }
}
