using CaptureFlow.Evidence;
using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Health;
using CaptureFlow.Functions.Settings;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Local.Hosting;

/// <summary>
/// The functions app on one machine: HTTP functions on Kestrel, timers, and orchestrators and activities on the embedded durable engine.
/// What was under way when it stopped, however it stopped, goes on with the next start on the same state folder.
/// </summary>
public sealed class LocalHost : IAsyncDisposable
{
    /// <summary>Largest request body, bytes; orders and alerts are far smaller.</summary>
    public const int LargestBody = 1 << 20;

    /// <summary>Of the file with the key that logs are signed with.</summary>
    internal const string CustodyKeyName = "custody.key";

    private readonly WebApplication _app;
    private readonly StateFolder _state;

    private LocalHost(WebApplication app, StateFolder state)
    {
        _app = app;
        _state = state;
    }

    /// <summary>Where it listens, with the port that it got.</summary>
    public Uri Url => new(_app.Urls.First());

    /// <summary>Whether <see cref="LocalHostOptions.SpareKey"/> lets in: the configuration had no key.</summary>
    public bool UsesSpareKey { get; private init; }

    /// <summary>For tests: what the functions are given.</summary>
    internal IServiceProvider Services => _app.Services;

    /// <summary>Starts it, and returns once it answers.</summary>
    /// <exception cref="HostRefusedException">It cannot start as asked; says why and what to do.</exception>
    public static Task<LocalHost> StartAsync(LocalHostOptions options, CancellationToken cancellationToken) =>
        StartAsync(options, CaptureFlowApplication.Instance, cancellationToken);

    internal static async Task<LocalHost> StartAsync(LocalHostOptions options, LocalApplication application, CancellationToken cancellationToken)
    {
        if (options.Url.Scheme != Uri.UriSchemeHttp)
        {
            throw new HostRefusedException($"The local host cannot listen on {options.Url}: it speaks plain HTTP.", "Use http://, and put a proxy that ends TLS before it.");
        }

        var state = StateFolder.Hold(options.StateFolder);
        WebApplication? app = null;
        try
        {
            app = Build(options, application, state);
            if (app.Services.GetService<ClusterAddresses>() is { } addresses)
            {
                await StateClusters.HoldAsync(state.Path, addresses, app.Services.GetRequiredService<DurableTaskClient>(), cancellationToken);
            }

            await app.StartAsync(cancellationToken);
            return new(app, state) { UsesSpareKey = options.SpareKey is { } spare && app.Configuration[$"{ApiKeys.LocalSection}:0"] == spare };
        }
        catch (Exception e)
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            state.Dispose();
            throw e switch
            {
                OptionsValidationException invalid => Invalid([invalid]),
                // Several kinds of options: the host gathers them.
                AggregateException several when several.InnerExceptions.All(inner => inner is OptionsValidationException) =>
                    Invalid(several.InnerExceptions.Cast<OptionsValidationException>()),
                IOException { InnerException: AddressInUseException } => new HostRefusedException($"{options.Url} is taken by another program.", "Choose another address with --url."),
                _ => Rethrown(e),
            };
        }
    }

    /// <summary>Stops it: no new requests; steps under way are given up at once and run again after the next start.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _state.Dispose();
    }

    private static HostRefusedException Invalid(IEnumerable<OptionsValidationException> invalid) => new(
        $"The configuration is not valid: {string.Join(" ", invalid.SelectMany(options => options.Failures))}",
        $"Correct it in {SettingsFiles.Name} or the environment.");

    private static Exception Rethrown(Exception e)
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e);
        return e;
    }

    private static WebApplication Build(LocalHostOptions options, LocalApplication application, StateFolder state)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(LocalHost).Assembly.GetName().Name });
        builder.Configuration.AddInMemoryCollection(
        [
            new("CaptureFlow:FolderStore:Folder", Path.Combine(state.Path, "evidence")),
            new($"{CustodyOptions.Section}:{nameof(CustodyOptions.KeyFile)}", options.CustodyKeyFile ?? Path.Combine(state.Path, CustodyKeyName)),
        ]);
        var files = SettingsFiles.Find(options.Config, state.Path);
        foreach (var file in files)
        {
            builder.Configuration.AddJsonFile(file, optional: false);
        }

        builder.Configuration
            .AddEnvironmentVariables()
            .AddInMemoryCollection(options.Overrides);
        builder.Configuration.UseEnvironmentNames();
        LetIn(builder.Configuration, options);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        (options.Logging ?? (logging => logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning)))(builder.Logging);

        // It writes each request's whole query, and a key may be in it.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.WebHost.UseKestrelCore().UseUrls(options.Url.GetLeftPart(UriPartial.Authority)).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateOnBuild = provider.ValidateScopes = true);

        var catalog = FunctionCatalog.Discover(application.Functions);
        var settings = HostSettings.Read(Path.Combine(AppContext.BaseDirectory, "host.json"));
        AddServices(builder, application, catalog, settings, options, state);
        var app = builder.Build();

        // What no function answers (no such address, another method) is a problem document, too.
        app.UseStatusCodePages(page => HttpProblems.AnswerAsync(page.HttpContext, page.HttpContext.Response.StatusCode));
        MapFunctions(app, catalog, settings, options.Url, state.Path);
        if (Path.GetFullPath(SettingsFiles.Name) is var here && File.Exists(here) && !files.Contains(here))
        {
            Log.NotRead(app.Logger, here);
        }

        Log.Started(
            app.Logger, options.Url, state.Path, catalog.Http.Length, catalog.Timers.Length, catalog.Orchestrators.Length, catalog.Activities.Length);
        return app;
    }

    /// <summary>Where the configuration has no key: that of whoever starts the host, or everybody on this machine.</summary>
    private static void LetIn(ConfigurationManager configuration, LocalHostOptions options)
    {
        const string anonymous = $"{AccessOptions.Section}:{nameof(AccessOptions.Anonymous)}";
        if (ApiKeys.AreIn(configuration))
        {
            return;
        }

        if (options.SpareKey is { } key)
        {
            configuration.AddInMemoryCollection([new($"{ApiKeys.LocalSection}:0", key)]);
        }
        else if (options.Url.IsLoopback && configuration[anonymous] is null)
        {
            configuration.AddInMemoryCollection([new(anonymous, "all")]);
        }
    }

    private static void AddServices(
        WebApplicationBuilder builder, LocalApplication application, FunctionCatalog catalog, HostSettings settings, LocalHostOptions options, StateFolder state)
    {
        builder.Services.AddRouting();
        builder.Services.AddMvcCore();
        builder.Services.AddSingleton(options.Time);
        builder.Services.AddSingleton(catalog);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(15));
        application.Compose(builder.Services, builder.Configuration);
        builder.Services.AddDurableEngine(catalog, settings, options, state.Path);
        if (builder.Services.Any(service => service.ServiceType == typeof(ICaptureSite)))
        {
            builder.Services.AddSingleton<IStateRoom>(_ => new StateRoom(state.Path));
            builder.Services.AddHostedService<FullDiskGuard>();
        }

        if (options.Timers)
        {
            // Last, so that a timer that runs at start finds everything else started.
            builder.Services.AddHostedService<TimerRunner>();
        }
    }

    private static void MapFunctions(WebApplication app, FunctionCatalog catalog, HostSettings settings, Uri url, string stateFolder)
    {
        var gate = PageGate.Of(app.Services.GetRequiredService<IOptions<AccessOptions>>().Value, url);
        var prefix = settings.RoutePrefix.Trim('/');
        foreach (var function in catalog.Http)
        {
            HttpFunctionEndpoint endpoint = new(function, gate, stateFolder, app.Logger);
            app.MapMethods($"/{prefix}/{function.Route}", function.Methods, endpoint.ServeAsync).WithDisplayName(function.Function.Name);
        }
    }
}
