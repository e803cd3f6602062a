using System.Globalization;
using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What comes beside the output: the end of stderr, and the status that says how the command ended.</summary>
internal sealed class ExecSideChannels
{
    public const int Output = 1;

    private const int Errors = 2;
    private const int Status = 3;
    private const int MostErrorBytes = 16 * 1024;
    private const int MostStatusBytes = 64 * 1024;

    private readonly List<byte> _errors = [];
    private readonly List<byte> _status = [];

    /// <summary>True once the whole status frame is there; what a dying connection does after it matters no more.</summary>
    public bool HasStatus { get; private set; }

    public void Take(int channel, ReadOnlySpan<byte> data, bool endOfMessage)
    {
        if (channel == Errors)
        {
            _errors.AddRange(data);
            _errors.RemoveRange(0, Math.Max(0, _errors.Count - MostErrorBytes));
        }
        else if (channel == Status)
        {
            _status.AddRange(data[..Math.Min(data.Length, MostStatusBytes - _status.Count)]);
            HasStatus = endOfMessage && _status.Count > 0;
        }
    }

    public ExecOutcome Ended(long bytes)
    {
        if (!HasStatus)
        {
            return Cut(ExecEnd.Truncated, bytes, "closed without a status");
        }

        try
        {
            var status = KubernetesJson.Deserialize<V1Status>(Text(_status));
            return new(ExecEnd.Exited, ExitCode(status), bytes, Text(_errors), status.Message ?? string.Empty);
        }
        catch (JsonException e)
        {
            return Cut(ExecEnd.Truncated, bytes, $"unreadable status: {e.Message}");
        }
    }

    public ExecOutcome Cut(ExecEnd end, long bytes, string words) => new(end, null, bytes, Text(_errors), words);

    private static int? ExitCode(V1Status status) => status switch
    {
        { Status: "Success" } => 0,
        { Reason: "NonZeroExitCode" } when status.Details?.Causes?.FirstOrDefault(c => c.Reason == "ExitCode")?.Message is { } code
            && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static string Text(List<byte> bytes) => Encoding.UTF8.GetString(bytes.ToArray());
}
