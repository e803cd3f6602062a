using CaptureFlow.Azurite;

namespace CaptureFlow.Evidence.Tests;

/// <summary>One Azurite for all tests that need one; each has a container of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private AzuriteServer? _server;

    internal Uri ServiceUri => _server?.ServiceUri ?? throw new InvalidOperationException("Azurite has not been started.");

    public async ValueTask InitializeAsync() => _server = await AzuriteServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
