using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>States in the words of the API.</summary>
internal static class CaptureWords
{
    public static string Of(CaptureState state) => JsonSerializer.SerializeToElement(state, CaptureJson.Options).GetString()!;
}
