using CaptureFlow.Sandbox.Rbac;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sandbox.Api;

/// <summary>The HTTPS server on loopback.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private const long LargestBody = 3 * 1024 * 1024;

    private readonly WebApplication _app;

    private ApiServer(WebApplication app, string address)
    {
        (_app, Address) = (app, address);
    }

    internal string Address { get; }

    internal static async Task<ApiServer> StartAsync(
        ClusterAuthority authority, ApiPipeline pipeline, int port, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Listen(System.Net.IPAddress.Loopback, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = authority.IssueServer(),
                    ClientCertificateMode = ClientCertificateMode.AllowCertificate,

                    // Whose certificate it is, the authenticator decides, with a 401 that the client can read.
                    ClientCertificateValidation = (_, _, _) => true,
                });
            });
        });
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);

        var app = builder.Build();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        app.Run(pipeline.HandleAsync);
        await app.StartAsync(cancellation);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new ApiServer(app, addresses.First());
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }
}
