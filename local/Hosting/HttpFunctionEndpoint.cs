using System.Reflection;
using CaptureFlow.Functions.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.Hosting;

/// <summary>Serves one HTTP function: binding, call, answer. Keys are the functions' own business.</summary>
internal sealed class HttpFunctionEndpoint(HttpFunction function, PageGate gate, string stateFolder, ILogger logger)
{
    private readonly (string Name, Type Type)[] _routeParameters =
        [.. function.Function.Method.GetParameters().Where(p => p.GetCustomAttributes().All(a => a is not Microsoft.Azure.Functions.Worker.HttpTriggerAttribute)).Select(p => (p.Name!, p.ParameterType))];

    public async Task ServeAsync(HttpContext http)
    {
        if (gate.Refusal(http.Request) is { } refusal)
        {
            await Problems.Of(StatusCodes.Status403Forbidden, refusal).ExecuteAsync(http);
            return;
        }

        // As with a route constraint: a value that does not fit its parameter is a route that does not exist.
        if (_routeParameters.Any(p => http.Request.RouteValues.TryGetValue(p.Name, out var value) && !ParameterSources.TryConvert(value, p.Type, out _)))
        {
            await HttpProblems.AnswerAsync(http, StatusCodes.Status404NotFound);
            return;
        }

        try
        {
            Invocation invocation = new(function.Function, http.RequestServices, http.Request, http.RequestAborted) { Route = http.Request.RouteValues };
            await AnswerAsync(http, await FunctionInvoker.InvokeAsync(invocation));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; there is nobody to answer.
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await HttpProblems.AnswerAsync(http, e.StatusCode);
        }
        catch (Exception e) when (!http.Response.HasStarted && FullDisk.IsCauseOf(e))
        {
            Log.HttpFailed(logger, function.Function.Name, e);
            await FullDisk.AnswerAsync(http, stateFolder);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            // The boundary of an HTTP function: the caller gets an answer without the exception's words, the log gets all of it.
            Log.HttpFailed(logger, function.Function.Name, e);
            await HttpProblems.AnswerAsync(http, StatusCodes.Status500InternalServerError);
        }
    }

    private static Task AnswerAsync(HttpContext http, object? result)
    {
        switch (result)
        {
            case null:
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            case IResult answer:
                return answer.ExecuteAsync(http);
            case IActionResult answer:
                return answer.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
            default:
                return http.Response.WriteAsJsonAsync(result, result.GetType(), http.RequestAborted);
        }
    }
}
