using CaptureFlow.Functions;
using CaptureFlow.Functions.Access;
using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.Local.Hosting;

/// <summary>The application that this host exists for.</summary>
internal static class CaptureFlowApplication
{
    // Nobody strips a principal header from what callers send here, so none is believed, whatever the environment says.
    public static LocalApplication Instance { get; } = new(
        typeof(AddCaptureFlowExtensions).Assembly.GetTypes(),
        (services, configuration) => services.AddSingleton(PlatformAuthentication.Off).AddCaptureFlow(configuration));
}
