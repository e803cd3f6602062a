namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>One sandbox for the tests of a class.</summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    private Sandbox? _sandbox;

    internal Sandbox Sandbox => _sandbox ?? throw new InvalidOperationException("The sandbox has not been started.");

    public async ValueTask InitializeAsync() => _sandbox = await Sandbox.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }
    }
}
