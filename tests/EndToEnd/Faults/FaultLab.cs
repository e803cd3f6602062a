using CaptureFlow.EndToEnd.Tests.Harness;
using k8s;

namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>
/// One sandbox for all cases, and a host for those that need none of their own. The cases run side by side, each in a namespace of its own, from the first
/// time that one is asked for: most of a capture is waiting.
/// </summary>
public sealed class FaultLab : IAsyncLifetime
{
    private const int AtOnce = 6;

    private readonly TemporaryFolder _state = new();
    private readonly SemaphoreSlim _lanes = new(AtOnce);
    private readonly Lazy<IReadOnlyDictionary<string, Task<FaultResult>>> _results;
    private Harness.Sandbox? _sandbox;
    private HostWithin? _host;

    // The last rows of the table take longest, so they begin first.
    public FaultLab() => _results = new(() => FaultTable.Chosen().Reverse().ToDictionary(it => it.Name, it => Task.Run(() => RunAsync(it))));

    internal Harness.Sandbox Sandbox => _sandbox!;

    internal HostWithin Host => _host!;

    internal string HostState => _state.Path;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await Harness.Sandbox.StartAsync(scenario: "empty");
        await AllowAccountsAsync(_sandbox);
        _host = await HostWithin.StartAsync(_state.Path, _sandbox.CaptureFlowKubeconfig, FaultScene.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        if (_results.IsValueCreated)
        {
            var results = (await Task.WhenAll(_results.Value.Values)).ToDictionary(it => it.Case.Name);
            if (Environment.GetEnvironmentVariable(FaultReport.FileVariable) is { Length: > 0 } file)
            {
                await File.WriteAllTextAsync(file, FaultReport.Render([.. FaultTable.Chosen().Select(it => results[it.Name])]));
            }
        }

        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }

        _lanes.Dispose();
        _state.Dispose();
    }

    /// <summary>What became of a case, once it has run.</summary>
    internal Task<FaultResult> ResultOfAsync(string name) => _results.Value[name];

    // As for a CaptureFlow without a namespace of its own: each case's accounts live in the namespace of the case.
    private static async Task AllowAccountsAsync(Harness.Sandbox sandbox)
    {
        const string name = "accounts-in-targets";
        var rbac = sandbox.Admin.RbacAuthorizationV1;
        await rbac.CreateClusterRoleAsync(new()
        {
            Metadata = new() { Name = name },
            Rules = [new() { ApiGroups = [""], Resources = ["serviceaccounts", "serviceaccounts/token"], Verbs = ["create", "get", "list", "delete"] }],
        });
        await rbac.CreateClusterRoleBindingAsync(new()
        {
            Metadata = new() { Name = name },
            RoleRef = new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = name },
            Subjects = [new() { Kind = "ServiceAccount", Name = "captureflow", NamespaceProperty = "captureflow" }],
        });
    }

    private async Task<FaultResult> RunAsync(FaultCase it)
    {
        await _lanes.WaitAsync();
        try
        {
            return await FaultResult.OfAsync(this, it);
        }
        finally
        {
            _lanes.Release();
        }
    }
}
