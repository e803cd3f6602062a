using System.Globalization;
using System.Text.Json;

namespace CaptureFlow.Local.Hosting;

/// <summary>What the local host honours of <c>host.json</c>.</summary>
/// <param name="RoutePrefix">Before every route; <c>api</c> when not set.</param>
/// <param name="FunctionTimeout">How long a timer function may run; 10 minutes when not set.</param>
/// <param name="MaxConcurrentActivities">Of this process; 10 when not set.</param>
/// <param name="MaxConcurrentOrchestrators">Of this process, waiting ones not counted; 5 when not set.</param>
internal sealed record HostSettings(string RoutePrefix, TimeSpan FunctionTimeout, int MaxConcurrentActivities, int MaxConcurrentOrchestrators)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip };

    public static HostSettings Default { get; } = new("api", TimeSpan.FromMinutes(10), 10, 5);

    /// <exception cref="HostRefusedException">The file is there and is not valid.</exception>
    public static HostSettings Read(string path)
    {
        if (!File.Exists(path))
        {
            return Default;
        }

        try
        {
            var file = JsonSerializer.Deserialize<HostFile>(File.ReadAllText(path), Json);
            return new(
                file?.Extensions?.Http?.RoutePrefix ?? Default.RoutePrefix,
                file?.FunctionTimeout is { } timeout ? TimeSpan.Parse(timeout, CultureInfo.InvariantCulture) : Default.FunctionTimeout,
                file?.Extensions?.DurableTask?.MaxConcurrentActivityFunctions ?? Default.MaxConcurrentActivities,
                file?.Extensions?.DurableTask?.MaxConcurrentOrchestratorFunctions ?? Default.MaxConcurrentOrchestrators);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new HostRefusedException($"'{path}' is not valid: {e.Message}", "Correct the file.");
        }
    }

    private sealed record HostFile(string? FunctionTimeout, HostExtensions? Extensions);

    private sealed record HostExtensions(HostHttp? Http, HostDurableTask? DurableTask);

    private sealed record HostHttp(string? RoutePrefix);

    private sealed record HostDurableTask(int? MaxConcurrentActivityFunctions, int? MaxConcurrentOrchestratorFunctions);
}
