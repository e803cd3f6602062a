using System.Text.Json.Nodes;
using CaptureFlow.Functions.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Tests;

/// <summary>What a result becomes on the wire.</summary>
internal static class Answers
{
    // As the local host on loopback has them: whoever asks may do everything.
    private static readonly IServiceProvider Services = new ServiceCollection()
        .AddLogging()
        .AddSingleton(new AccessGate(Options.Create(new AccessOptions { Anonymous = "all" }), PlatformAuthentication.Off))
        .BuildServiceProvider();

    public static HttpRequest Request(string query = "") => new DefaultHttpContext
    {
        RequestServices = Services,
        Request = { QueryString = new(query), Method = "GET" },
        Response = { Body = new MemoryStream() },
    }.Request;

    public static async Task<(HttpResponse Response, JsonNode? Body)> OfAsync(this Task<IResult> result, HttpRequest request)
    {
        var response = request.HttpContext.Response;
        await (await result).ExecuteAsync(request.HttpContext);
        response.Body.Position = 0;
        return (response, response.Body.Length == 0 ? null : await JsonNode.ParseAsync(response.Body));
    }
}
