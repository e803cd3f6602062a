using CaptureFlow.Functions.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CaptureFlow.Local.Tests.Hosting;

/// <summary>What the functions of these tests share with the test that runs them.</summary>
public sealed class Notebook
{
    private int _running;

    public System.Collections.Concurrent.ConcurrentQueue<string> Entries { get; } = new();

    public int MostAtOnce { get; private set; }

    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Enter()
    {
        _running++;
        MostAtOnce = Math.Max(MostAtOnce, _running);
    }

    public void Leave() => _running--;
}

/// <summary>HTTP functions in each of the forms that the host serves.</summary>
public sealed class SampleHttp(Notebook notebook)
{
    [Function("Echo")]
    public static async Task<IResult> EchoAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "echo")] HttpRequest request, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body);
        return Results.Text(await reader.ReadToEndAsync(cancellationToken));
    }

    [Function("Item")]
    public IActionResult Item([HttpTrigger(AuthorizationLevel.Anonymous, "get", "delete", Route = "items/{id}/parts/{number}")] HttpRequest request, string id, int number)
    {
        notebook.Entries.Enqueue(request.Method);
        return new ObjectResult(new { id, number }) { StatusCode = StatusCodes.Status202Accepted };
    }

    [Function("Plain")]
    public static Sample Plain([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "plain")] HttpRequest request, FunctionContext context) =>
        new(context.FunctionDefinition.Name, request.Path);

    [Function("Broken")]
    public static IResult Broken([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        throw new InvalidOperationException($"secret detail of {request.Path}");
}

/// <summary>Asks who is there, as the app's functions do.</summary>
public static class SampleCaller
{
    [Function("WhoAmI")]
    public static IResult WhoAmI([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "whoami")] HttpRequest request) =>
        AccessGate.Refusal(request, CallerRoles.Any, out var caller) ?? Results.Text(caller.Id);
}

/// <summary>Handed back as it is.</summary>
public sealed record Sample(string Name, string Path);

/// <summary>An orchestrator and its activity.</summary>
public sealed class SampleSteps(Notebook notebook)
{
    [Function("Twice")]
    public static async Task<string> TwiceAsync([OrchestrationTrigger] TaskOrchestrationContext context, Sample sample) =>
        await context.CallActivityAsync<string>("Note", sample.Name) + await context.CallActivityAsync<string>("Note", sample.Path);

    [Function("Note")]
    public Task<string> NoteAsync([ActivityTrigger] string text, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        notebook.Entries.Enqueue(text);
        return Task.FromResult($"[{text}]");
    }
}

/// <summary>Fires every ten seconds, and throws the first time.</summary>
public sealed class SampleTimer(Notebook notebook)
{
    [Function("Tick")]
    public async Task TickAsync([TimerTrigger("*/10 * * * * *", RunOnStartup = true)] TimerInfo timer)
    {
        notebook.Enter();
        notebook.Entries.Enqueue($"{timer.ScheduleStatus!.Last:HH:mm:ss}");
        try
        {
            if (notebook.Entries.Count == 1)
            {
                throw new InvalidOperationException("The first run fails.");
            }

            await notebook.Gate.Task;
        }
        finally
        {
            notebook.Leave();
        }
    }
}

/// <summary>A parameter that nothing can fill.</summary>
public static class UnknownParameter
{
    [Function("Odd")]
    public static IResult Odd([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, Notebook notebook) => Results.Json(new { request.Path, notebook.MostAtOnce });
}

/// <summary>The Functions host would ask for a key of its own.</summary>
public static class KeyOfTheHost
{
    [Function("Keyed")]
    public static IResult Keyed([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => Results.Text(request.Path);
}

/// <summary>The name of a function of <see cref="SampleHttp"/>.</summary>
public static class TwinName
{
    [Function("echo")]
    public static IResult Twin([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "twin")] HttpRequest request) => Results.Text(request.Path);
}

/// <summary>No trigger at all.</summary>
public static class NoTrigger
{
    [Function("Idle")]
    public static void Idle(CancellationToken cancellationToken) => cancellationToken.ThrowIfCancellationRequested();
}
