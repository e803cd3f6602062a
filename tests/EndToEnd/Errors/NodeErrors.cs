using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Gce;
using CaptureFlow.Sites.Tests.Gce;

namespace CaptureFlow.EndToEnd.Tests.Errors;

/// <summary>How the codes of node captures over SSH are produced: by the method itself, before a stand-in of Google and of the node's shell.</summary>
internal static class NodeErrors
{
    private const string Failed = "failed";
    private const string Refused = "refused";

    public static async Task<Seen> UnsupportedAsync()
    {
        using var lab = new GceLab(new ComputeStandIn { ["enable-oslogin"] = "TRUE" });
        return new(Refused, await lab.Method.CheckAsync(GceLab.Plan(), default));
    }

    public static async Task<Seen> RefusedAsync()
    {
        using var lab = new GceLab(new ComputeStandIn { Forbidden = true });
        return new(Failed, (await lab.Method.EnsureGrantAsync(GceLab.Plan(), default)).Faults);
    }

    public static async Task<Seen> HostKeyAsync()
    {
        using var lab = new GceLab(new ComputeStandIn());
        return new(Failed, (await lab.Method.EnsureGrantAsync(GceLab.Plan(), default)).Faults);
    }

    public static async Task<Seen> AttachAsync(int exitCode, string words)
    {
        using var lab = new GceLab(new ComputeStandIn(), sessions: new OneAnswer(new(exitCode, "", words)));
        var plan = GceLab.Plan();
        var grant = await lab.Method.EnsureGrantAsync(plan, default);
        return new(Failed, (await lab.Method.EnsureTapAsync(plan, grant.Value!, default)).Faults);
    }

    /// <summary>A node whose shell answers the same to everything.</summary>
    private sealed class OneAnswer(NodeAnswer answer) : INodeSessions, INodeSession
    {
        public Task<INodeSession> OpenAsync(CapturePlan plan, DateTimeOffset expiresAt, TimeSpan patience, CancellationToken cancellationToken) =>
            Task.FromResult<INodeSession>(this);

        public Task<NodeAnswer> RunAsync(IReadOnlyList<string> command, TimeSpan cap, CancellationToken cancellationToken) => Task.FromResult(answer);

        public Task<Stream> OpenFileAsync(CapturePlan plan, DateTimeOffset expiresAt, string path, long offset, CancellationToken cancellationToken) =>
            throw new FileNotFoundException(path);

        public Task<LoginTrial> TryLoginAsync(CapturePlan plan, CaptureKey key, CancellationToken cancellationToken) => Task.FromResult(new LoginTrial(true, "refused"));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
