using CaptureFlow.Functions;

namespace CaptureFlow.Local.Hosting;

/// <summary>The application that this host exists for.</summary>
internal static class CaptureFlowApplication
{
    public static LocalApplication Instance { get; } = new(
        typeof(AddCaptureFlowExtensions).Assembly.GetTypes(),
        (services, configuration) => services.AddCaptureFlow(configuration));
}
