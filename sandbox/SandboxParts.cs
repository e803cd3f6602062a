using CaptureFlow.Sandbox.Api;
using CaptureFlow.Sandbox.Exec;
using CaptureFlow.Sandbox.Faults;
using CaptureFlow.Sandbox.Node;
using CaptureFlow.Sandbox.Pods;
using CaptureFlow.Sandbox.Rbac;
using CaptureFlow.Sandbox.Scenarios;

namespace CaptureFlow.Sandbox;

/// <summary>The parts of a running cluster, put together in one place and ended in the reverse order.</summary>
internal sealed class SandboxParts : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly ObjectStore _store;
    private readonly Kubelet _kubelet;
    private readonly AccountTokens _tokens;

    private SandboxParts(SandboxOptions options, NodeInit node)
    {
        Node = node;
        _store = new ObjectStore(options.Time);
        _kubelet = new Kubelet(node, _store);
        _tokens = new AccountTokens(_store, options.Time, "https://kubernetes.default.svc");
        Authority = new ClusterAuthority(options.Time);
        Authenticator = new Authenticator(Authority, _tokens);
        var authorizer = new Authorizer(_store);
        var admission = new Admission(_store, new EscalationCheck(authorizer), _kubelet);
        Loader = new ManifestLoader(_store, admission);
        var (faults, requests) = (new FaultTable(), new RequestLog(options.Time));
        var router = new ApiRouter(
            _store,
            new ResourceReader(_store, _ending.Token),
            new ResourceWriter(_store, admission),
            new ResourceRemover(_store, _kubelet),
            new PodStreams(_kubelet, _ending.Token),
            _tokens,
            new AccessReviews(authorizer));
        Pipeline = new ApiPipeline(Authenticator, authorizer, router, faults, requests, new SandboxRoutes(faults, requests));
    }

    internal NodeInit Node { get; }

    internal ClusterAuthority Authority { get; }

    internal Authenticator Authenticator { get; }

    internal ManifestLoader Loader { get; }

    internal ApiServer Server { get; private set; } = null!;

    private ApiPipeline Pipeline { get; }

    internal static async Task<SandboxParts> StartAsync(SandboxOptions options, string ownFolder, CancellationToken cancellation)
    {
        var parts = new SandboxParts(options, await NodeInit.StartAsync(ownFolder, cancellation));
        try
        {
            parts.Server = await ApiServer.StartAsync(parts.Authority, parts.Pipeline, options.Port, cancellation);
            return parts;
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    internal async Task SetUpAsync(SandboxOptions options, CancellationToken cancellation)
    {
        ClusterDefaults.Create(Loader, options.CaptureFlowUser);
        foreach (var file in options.Manifests)
        {
            Loader.ApplyFile(file);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.ReadyTimeout);
        try
        {
            await Scenario.CreateAsync(options, Loader, _store, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new InvalidOperationException(
                $"The scenario '{options.Scenario}' was not ready after {options.ReadyTimeout.TotalSeconds:0} s: {Scenario.Describe(_store)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        await _kubelet.DisposeAsync();
        await Node.DisposeAsync();
        _tokens.Dispose();
        Authority.Dispose();
        _ending.Dispose();
    }
}
