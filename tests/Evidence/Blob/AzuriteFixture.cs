using CaptureFlow.Azurite;

namespace CaptureFlow.Evidence.Tests;

/// <summary>One Azurite for all tests that need one, started by the first of them; each has a container of its own.</summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    private AzuriteServer? _server;

    /// <summary>Its endpoint; skips the test that asks where there cannot be one.</summary>
    internal async Task<Uri> ServiceUriAsync() => (_server ??= await AzuriteServer.StartAsync()).ServiceUri;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
