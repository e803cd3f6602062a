using System.Text.Json;
using CaptureFlow.Local.Hosting;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>What a command writes into its state folder before it orders a capture, so that another one can go on where it was killed.</summary>
/// <param name="Kubeconfig">As it was chosen, by option or by KUBECONFIG; null for the usual places.</param>
/// <param name="Context">Null for the current one.</param>
/// <param name="Image">Of the tap; null for the configured one.</param>
/// <param name="Config">The file of its settings; null for the user's own.</param>
/// <param name="OrderedAt">UTC.</param>
internal sealed record RunNote(string? Kubeconfig, string? Context, string? Image, string? Config, DateTimeOffset OrderedAt)
{
    public const string FileName = "run.json";

    /// <summary>Captures whose rights are proven gone, and whose files lie here and nowhere else. While empty, something may be under way.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    public static RunNote Of(ClusterChoice cluster, DateTimeOffset now) => new(
        cluster.Kubeconfig ?? (Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } set ? set : null), cluster.Context, cluster.Image, cluster.Config, now);

    /// <summary>Null when the folder has none that can be read: nothing was ordered from it.</summary>
    public static RunNote? TryRead(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<RunNote>(File.ReadAllText(Path.Combine(folder, FileName)), CaptureJson.Options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public ClusterChoice Cluster() => new(Kubeconfig, Context, Image, Config);

    public Task WriteAsync(string folder) =>
        PrivateFiles.ReplaceTextAsync(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, CaptureJson.Options), CancellationToken.None);
}
