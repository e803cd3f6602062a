using System.Text.Json;
using CaptureFlow.Functions.Alerts.Sources;

namespace CaptureFlow.Functions.Tests.Alerts;

/// <summary>The messages in Samples/, a folder for each source.</summary>
internal static class Samples
{
    public static byte[] Bytes(string sample) => File.ReadAllBytes(Repository.Path("tests", "Functions", "Alerts", "Samples", $"{sample}.json"));

    public static AlertMessage Read(string sample)
    {
        using var document = JsonDocument.Parse(Bytes(sample));
        return AlertSources.All[sample.Split('/')[0]].Read(document.RootElement);
    }

    public static IEnumerable<string> Names() =>
        from source in AlertSources.All.Keys
        from file in Directory.GetFiles(Repository.Path("tests", "Functions", "Alerts", "Samples", source), "*.json")
        select $"{source}/{Path.GetFileNameWithoutExtension(file)}";
}
