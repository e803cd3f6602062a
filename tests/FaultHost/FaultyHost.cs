using CaptureFlow.Functions.Access;
using CaptureFlow.Local.Hosting;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.FaultHost;

/// <summary>The local host as it is, but for what the variables that begin with <c>FAULTHOST_</c> make of it; see Program.cs.</summary>
internal static class FaultyHost
{
    /// <param name="state">Its state folder.</param>
    /// <param name="kubeconfig">Of the cluster.</param>
    /// <param name="pause">Where it stops.</param>
    /// <param name="faults">Reads a variable.</param>
    /// <param name="settings">Configuration that goes before the environment's.</param>
    /// <param name="logging">Where its log goes; null for the console.</param>
    public static Task<LocalHost> StartAsync(
        string state,
        string kubeconfig,
        PausePoint pause,
        Func<string, string?> faults,
        IReadOnlyDictionary<string, string?> settings,
        Action<ILoggingBuilder>? logging)
    {
        var app = CaptureFlowApplication.Instance;
        var options = new LocalHostOptions
        {
            Url = new Uri("http://127.0.0.1:0"),
            StateFolder = state,
            Time = faults("FAULTHOST_CLOCK") is { Length: > 0 } ahead
                ? new ShiftedTime(TimeSpan.Parse(ahead, System.Globalization.CultureInfo.InvariantCulture))
                : TimeProvider.System,
            Overrides = new Dictionary<string, string?>(settings) { ["CaptureFlow:Cluster:Kubeconfig"] = kubeconfig },
            Engine = engine => EngineFaults.Apply(engine, faults),
            Logging = logging,
        };
        return LocalHost.StartAsync(
            options,
            app with
            {
                Compose = (services, configuration) =>
                {
                    app.Compose(services, configuration);
                    if (faults("FAULTHOST_PRINCIPALS") == "on")
                    {
                        // As behind App Service authentication: its header is believed. Here anybody can write it.
                        services.AddSingleton(new PlatformAuthentication(true));
                    }

                    switch (faults("FAULTHOST_GCE"))
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
                    Decorate<ICaptureStore>(services, inner => new PausingStore(StoreFaults.Apply(inner, faults), pause));
                },
            },
            CancellationToken.None);
    }

    private static void Decorate<T>(IServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        var original = services.Last(service => service.ServiceType == typeof(T));
        services.Remove(original);
        services.AddSingleton(provider => wrap((T)(original.ImplementationInstance
            ?? original.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, original.ImplementationType!))));
    }
}
