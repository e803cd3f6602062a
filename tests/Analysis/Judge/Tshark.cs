using System.Diagnostics;

namespace CaptureFlow.Analysis.Tests;

/// <summary>The judge: what Wireshark's command line sees in a file.</summary>
internal static class Tshark
{
    /// <summary>The fields of each packet that a display filter takes; of several values in one packet, all, with commas between them.</summary>
    public static async Task<List<string[]>> FieldsAsync(string path, string filter, params string[] fields)
    {
        string[] arguments =
        [
            "-n", "-r", path, "-Y", filter, "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=,",
            .. fields.SelectMany(field => new[] { "-e", field }),
        ];
        return [.. (await RunAsync("tshark", arguments)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
    }

    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        await errors;
        return output;
    }
}
