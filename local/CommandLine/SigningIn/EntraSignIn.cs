using Azure.Core;
using Azure.Identity;

namespace CaptureFlow.Local.CommandLine;

/// <summary>
/// Signs in to a CaptureFlow on Azure, as whoever <c>az login</c> or the machine's identity is. A token is kept in memory alone, and is asked for anew
/// before it ends.
/// </summary>
/// <param name="app">The app registration: its client id, or its application id URI.</param>
/// <param name="credential">Where tokens come from.</param>
/// <param name="time">Says when one has ended.</param>
internal sealed class EntraSignIn(string app, TokenCredential credential, TimeProvider time) : IDisposable
{
    /// <summary>Names the app registration of a server; without it no sign-in is tried.</summary>
    public const string AppVariable = "CAPTUREFLOW_ENTRA_APP";

    // Where the library does not say when to renew.
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _one = new(1);
    private AccessToken? _token;

    /// <summary>As the environment says; null when it names no app.</summary>
    public static EntraSignIn? OfEnvironment() => Environment.GetEnvironmentVariable(AppVariable) is { Length: > 0 } app
        ? new(app, new DefaultAzureCredential(), TimeProvider.System)
        : null;

    /// <exception cref="HttpRequestException">There is none to be had; says why, in a line.</exception>
    public async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_token is not { } token || (token.RefreshOn ?? token.ExpiresOn - Early) <= time.GetUtcNow())
            {
                _token = token = await credential.GetTokenAsync(new([Scope(app)]), cancellationToken);
            }

            return token.Token;
        }
        catch (AuthenticationFailedException e)
        {
            throw new HttpRequestException($"Could not sign in to {app} ({AppVariable}): {e.Message.Split('\n')[0].Trim()} Try `az login`.", e);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private static string Scope(string app) => $"{(Guid.TryParse(app, out _) ? $"api://{app}" : app.TrimEnd('/'))}/.default";
}
