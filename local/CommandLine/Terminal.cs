using System.Text.Json;
using CaptureFlow.Orchestrations;
using Spectre.Console;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Where the command line writes, and how much it may draw there.</summary>
/// <param name="Output">For results.</param>
/// <param name="Error">For problems.</param>
/// <param name="Live">True when lines can be redrawn in place.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, bool Live)
{
    /// <param name="plain">The user asked for plain lines.</param>
    public static Terminal OfProcess(bool plain) => new(
        Console.Out,
        Console.Error,
        !plain && !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"));

    /// <param name="json">Nothing is shown before the document.</param>
    /// <param name="time">For bars and spinners.</param>
    /// <param name="ordered">Whether the capture was ordered just now.</param>
    public ICaptureView View(bool json, TimeProvider time, bool ordered = true) => (json, Live) switch
    {
        (true, _) => new SilentView(Output),
        (_, true) => new LiveView(AnsiConsole.Console, time),
        _ => new PlainView(Output, ordered),
    };

    public void Print(CaptureResult result, bool json)
    {
        if (json)
        {
            Output.WriteLine(JsonSerializer.Serialize(result, CaptureJson.Indented));
            Output.Flush();
        }
        else
        {
            ResultText.Write(result, Output);
        }
    }
}
