using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Tests.Telemetry;

/// <summary>An OpenTelemetry collector, as far as keeping the bytes that it is sent.</summary>
internal sealed class FakeCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, string Body)> _got = new();
    private readonly WebApplication _app;

    private FakeCollector(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public static async Task<FakeCollector> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        FakeCollector collector = new(app);
        app.Run(collector.KeepAsync);
        await app.StartAsync();
        return collector;
    }

    /// <summary>Everything that came to a path; names and values stand in it as they are.</summary>
    public string Got(string path) => string.Concat(_got.Where(request => request.Path == path).Select(request => request.Body));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task KeepAsync(HttpContext context)
    {
        using StreamReader reader = new(context.Request.Body, Encoding.Latin1);
        _got.Enqueue((context.Request.Path, await reader.ReadToEndAsync()));
    }
}
