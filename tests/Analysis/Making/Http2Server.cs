using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Analysis.Tests;

/// <summary>A real server of HTTP/2 in the clear.</summary>
internal sealed class Http2Server : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Http2Server(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.First()).Port;

    public static async Task<Http2Server> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.MapGet("/items/{id}", (HttpContext context, string id) => Answer(context, id == "0" ? 404 : 200));
        app.MapGet("/boom", (HttpContext context) => Answer(context, 500));
        app.MapGet("/broken", (HttpContext context) => context.Features.Get<IHttpResetFeature>()!.Reset(2));
        app.MapPost("/shop.v1.Cart/{method}", (HttpContext context, string method) => Call(context, method == "Add" ? "0" : "14"));
        await app.StartAsync();
        return new(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static Task Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["x-secret"] = "s3cr3t";
        return context.Response.WriteAsync("b0dy");
    }

    private static async Task Call(HttpContext context, string status)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", status);
        context.Response.AppendTrailer("grpc-message", "s3cr3t");
    }
}
