using CaptureFlow.FaultHost;
using CaptureFlow.Functions.Access;
using CaptureFlow.Local.Hosting;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.DependencyInjection;

// The local host as it is, but for one thing: at a point named on the command line a step stops and says so, so that a test can kill the host
// right there, or change the world around it and let it go on with a line on standard input. With FAULTHOST_PRINCIPALS=on it believes the
// principal header of App Service authentication.
// Usage: captureflow-faulthost STATE KUBECONFIG [POINT]; prints "ready URL", and "paused POINT" when it gets there.
var (state, kubeconfig) = (args[0], args[1]);
var pause = new PausePoint(args.ElementAtOrDefault(2));
var app = CaptureFlowApplication.Instance;
var options = new LocalHostOptions
{
    Url = new Uri("http://127.0.0.1:0"),
    StateFolder = state,
    Overrides = new Dictionary<string, string?> { ["CaptureFlow:Cluster:Kubeconfig"] = kubeconfig },
};
await using var host = await LocalHost.StartAsync(
    options,
    app with
    {
        Compose = (services, configuration) =>
        {
            app.Compose(services, configuration);
            if (Environment.GetEnvironmentVariable("FAULTHOST_PRINCIPALS") == "on")
            {
                // As behind App Service authentication: its header is believed. Here anybody can write it.
                services.AddSingleton(new PlatformAuthentication(true));
            }

            Decorate<ICaptureSite>(services, inner => new PausingSite(inner, pause));
            Decorate<ICaptureStore>(services, inner => new PausingStore(inner, pause));
        },
    },
    CancellationToken.None);
Console.WriteLine($"ready {host.Url}");
await Task.Delay(Timeout.Infinite);

static void Decorate<T>(IServiceCollection services, Func<T, T> wrap)
    where T : class
{
    var original = services.Last(service => service.ServiceType == typeof(T));
    services.Remove(original);
    services.AddSingleton(provider => wrap((T)(original.ImplementationInstance
        ?? original.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, original.ImplementationType!))));
}
