using System.Net;
using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;

namespace CaptureFlow.EndToEnd.Tests.Access;

/// <summary>A host with a named key for each of several people.</summary>
internal sealed class PeopleHost : IAsyncDisposable
{
    private readonly TemporaryFolder _state;
    private readonly Func<Task<TestHost>> _start;
    private readonly IReadOnlyCollection<string> _people;
    private Dictionary<string, CaptureApi> _apis = [];
    private TestHost? _host;

    private PeopleHost(TemporaryFolder state, Func<Task<TestHost>> start, IReadOnlyCollection<string> people)
    {
        _state = state;
        _start = start;
        _people = people;
    }

    public CaptureApi this[string person] => _apis[person];

    /// <param name="kubeconfig">The cluster.</param>
    /// <param name="people">Names of keys, each with its roles; a name of digits is a key without a name.</param>
    /// <param name="settings">Further configuration, without its prefix, e.g. <c>Policy__MaxPods</c>.</param>
    /// <param name="killable">Whether it is a process of its own.</param>
    public static async Task<PeopleHost> StartAsync(
        string kubeconfig, IReadOnlyDictionary<string, string> people, IReadOnlyDictionary<string, string> settings, bool killable = false)
    {
        var environment = settings.ToDictionary(setting => $"CaptureFlow__{setting.Key}", setting => setting.Value);
        foreach (var (name, roles) in people)
        {
            environment[$"CaptureFlow__Local__Keys__{name}"] = KeyOf(name);
            environment[$"CaptureFlow__Access__Keys__{name}"] = roles;
        }

        TemporaryFolder state = new();
        PeopleHost host = new(state, async () => killable
            ? await HostProcess.StartAsync(state.Path, kubeconfig, null, environment)
            : await HostWithin.StartAsync(state.Path, kubeconfig, environment), [.. people.Keys]);
        await host.StartAsync();
        return host;
    }

    /// <summary>Ends a killable host as a power cut would, and starts it again on what it had kept.</summary>
    public async Task KillAndStartAsync()
    {
        await ((HostProcess)_host!).KillAsync();
        await EndAsync();
        await StartAsync();
    }

    /// <summary>Orders a capture in the quiet pod, as it is or with changes.</summary>
    public async Task<string> OrderAsync(string person, string pod = "quiet", string duration = "1s", int? snapLength = null) =>
        await _apis[person].OrderAsync(new { target = new { pod = $"shop/{pod}" }, window = new { duration, snapLength = snapLength ?? 256 }, reason = "slow checkout" });

    public Task<(HttpStatusCode Status, JsonNode Body)> ApproveAsync(string person, string id, string? comment = null) =>
        _apis[person].PostAsync($"/api/captures/{id}/approve", comment is null ? null : new { comment });

    public Task<(HttpStatusCode Status, JsonNode Body)> DenyAsync(string person, string id, string? comment = null) =>
        _apis[person].PostAsync($"/api/captures/{id}/deny", comment is null ? null : new { comment });

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _state.Dispose();
    }

    private async Task StartAsync()
    {
        var host = _host = await _start();
        _apis = _people.ToDictionary(name => name, name => host.Api.As("x-functions-key", KeyOf(name)));
    }

    private async Task EndAsync()
    {
        foreach (var api in _apis.Values)
        {
            api.Dispose();
        }

        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static string KeyOf(string person) => $"a-key-that-nobody-guesses-of-{person}";
}
