using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Tests;

/// <summary>Reads an exec stream to its end.</summary>
internal static class ExecClient
{
    internal static string Path(string space, string pod, string container, IEnumerable<string> command, bool stdin = false) =>
        $"/api/v1/namespaces/{space}/pods/{pod}/exec?container={container}&stdout=true&stderr=true&stdin={(stdin ? "true" : "false")}"
        + string.Concat(command.Select(word => $"&command={Uri.EscapeDataString(word)}"));

    /// <summary>What came on each channel; the status is null when the stream was cut.</summary>
    internal static async Task<ExecOutcome> ReadAsync(ClientWebSocket socket, Func<int, Task>? onMessage = null)
    {
        var channels = new MemoryStream[] { new(), new(), new(), new() };
        var buffer = new byte[64 * 1024];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            while (true)
            {
                var (channel, count) = (-1, 0);
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
                    if (part.MessageType == WebSocketMessageType.Close)
                    {
                        return Outcome(channels);
                    }

                    var data = buffer.AsMemory(0, part.Count);
                    if (channel < 0 && data.Length > 0)
                    {
                        channel = data.Span[0];
                        data = data[1..];
                    }

                    channels[Math.Max(channel, 0)].Write(data.Span);
                    count += data.Length;
                }
                while (!part.EndOfMessage);
                await (onMessage?.Invoke(count) ?? Task.CompletedTask);
            }
        }
        catch (WebSocketException)
        {
            return Outcome(channels);
        }
    }

    private static ExecOutcome Outcome(MemoryStream[] channels) => new(
        channels[1].ToArray(),
        Encoding.UTF8.GetString(channels[2].ToArray()),
        channels[3].Length == 0 ? null : JsonNode.Parse(channels[3].ToArray()));
}

/// <summary>The end of an exec.</summary>
internal sealed record ExecOutcome(byte[] Stdout, string Stderr, JsonNode? Status)
{
    internal string Text => Encoding.UTF8.GetString(Stdout);

    internal string ExitCode => Status.Text("status") == "Success" ? "0" : Status.Items("details", "causes").First().Text("message") ?? "";
}
