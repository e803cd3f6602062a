using CaptureFlow.FaultHost;
using CaptureFlow.Functions.Access;
using CaptureFlow.Local.Hosting;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.DependencyInjection;

// The local host as it is, but for one thing: at a point named on the command line a step stops and says so, so that a test can kill the host
// right there, or change the world around it and let it go on with a line on standard input. And, by environment variables:
//   FAULTHOST_PRINCIPALS=on          it believes the principal header of App Service authentication
//   FAULTHOST_GCE=FOLDER             it asks that folder instead of Google; with "none" it is a build without captures over SSH
//   FAULTHOST_CLOCK=-00:05:00        its clock is so far from the machine's own
//   FAULTHOST_DIES=1                 it ends as by SIGKILL after each change of an instance that it writes down
//   FAULTHOST_HISTORY=FILE           it shares this history with another host, and never renews a lease, so that either takes the other for dead
//   FAULTHOST_STORE=slow|corrupting|away|away-for-proof   its store takes two seconds for each call, flips a bit of the first block, is away at first, or when it is given the proof
// Usage: captureflow-faulthost STATE KUBECONFIG [POINT]; prints "ready URL", and "paused POINT" when it gets there.
var (state, kubeconfig) = (args[0], args[1]);
var pause = new PausePoint(args.ElementAtOrDefault(2));
var app = CaptureFlowApplication.Instance;
var options = new LocalHostOptions
{
    Url = new Uri("http://127.0.0.1:0"),
    StateFolder = state,
    Time = Environment.GetEnvironmentVariable("FAULTHOST_CLOCK") is { Length: > 0 } ahead
        ? new ShiftedTime(TimeSpan.Parse(ahead, System.Globalization.CultureInfo.InvariantCulture))
        : TimeProvider.System,
    Overrides = new Dictionary<string, string?> { ["CaptureFlow:Cluster:Kubeconfig"] = kubeconfig },
    Engine = EngineFaults.Apply,
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

            switch (Environment.GetEnvironmentVariable("FAULTHOST_GCE"))
            {
                case null or "":
                    break;
                case "none":
                    FolderInstances.Remove(services);
                    break;
                case var folder:
                    FolderInstances.Use(services, folder);
                    break;
            }

            Decorate<ICaptureSite>(services, inner => new PausingSite(inner, pause));
            Decorate<ICaptureStore>(services, inner => new PausingStore(StoreFaults.Apply(inner), pause));
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
