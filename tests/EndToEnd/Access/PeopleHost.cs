using System.Net;
using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;

namespace CaptureFlow.EndToEnd.Tests.Access;

/// <summary>A host with a named key for each of several people.</summary>
internal sealed class PeopleHost : IAsyncDisposable
{
    private readonly TemporaryFolder _state;
    private readonly Dictionary<string, CaptureApi> _apis;

    private PeopleHost(TemporaryFolder state, HostProcess host, Dictionary<string, CaptureApi> apis)
    {
        _state = state;
        Host = host;
        _apis = apis;
    }

    public HostProcess Host { get; }

    public CaptureApi this[string person] => _apis[person];

    /// <param name="kubeconfig">The cluster.</param>
    /// <param name="people">Names of keys, each with its roles; a name of digits is a key without a name.</param>
    /// <param name="settings">Further configuration, without its prefix, e.g. <c>Policy__MaxPods</c>.</param>
    public static async Task<PeopleHost> StartAsync(
        string kubeconfig, IReadOnlyDictionary<string, string> people, IReadOnlyDictionary<string, string> settings)
    {
        var environment = settings.ToDictionary(setting => $"CaptureFlow__{setting.Key}", setting => setting.Value);
        foreach (var (name, roles) in people)
        {
            environment[$"CaptureFlow__Local__Keys__{name}"] = KeyOf(name);
            environment[$"CaptureFlow__Access__Keys__{name}"] = roles;
        }

        TemporaryFolder state = new();
        var host = await HostProcess.StartAsync(state.Path, kubeconfig, null, environment);
        return new(state, host, people.Keys.ToDictionary(name => name, name => host.Api.As("x-functions-key", KeyOf(name))));
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
        foreach (var api in _apis.Values)
        {
            api.Dispose();
        }

        await Host.DisposeAsync();
        _state.Dispose();
    }

    private static string KeyOf(string person) => $"a-key-that-nobody-guesses-of-{person}";
}
