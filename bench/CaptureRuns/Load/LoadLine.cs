using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CaptureFlow.CaptureRuns;

/// <summary>The captures of a load, in the order in which they were ordered, and what their status said last.</summary>
internal sealed class LoadLine(HttpClient http)
{
    private readonly List<OrderedCapture> _captures = [];

    public IReadOnlyList<OrderedCapture> Captures => _captures;

    public IEnumerable<OrderedCapture> Open => _captures.Where(capture => !capture.Ended);

    /// <summary>Orders a capture; the next one is ordered when this one was accepted.</summary>
    public async Task OrderAsync(string pod, int seconds)
    {
        using var accepted = await http.PostAsJsonAsync("/api/captures", new { target = new { pod = $"shop/{pod}" }, window = new { duration = $"{seconds}s" } });
        accepted.EnsureSuccessStatusCode();
        _captures.Add(new(JsonNode.Parse(await accepted.Content.ReadAsStringAsync())!["id"]!.GetValue<string>()));
    }

    /// <summary>Looks at these again.</summary>
    public async Task LookAsync(IEnumerable<OrderedCapture> captures, CancellationToken cancellation)
    {
        foreach (var capture in captures.ToList())
        {
            capture.Seen = JsonNode.Parse(await http.GetStringAsync($"/api/captures/{capture.Id}", cancellation))!;
        }
    }

    public async Task CancelAsync(OrderedCapture capture)
    {
        using var answer = await http.PostAsync($"/api/captures/{capture.Id}/cancel", null);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What <c>GET /api/audit</c> says, e.g. <c>None</c> for no standing access.</summary>
    public async Task<JsonNode> AuditAsync() => JsonNode.Parse(await http.GetStringAsync("/api/audit"))!;
}
