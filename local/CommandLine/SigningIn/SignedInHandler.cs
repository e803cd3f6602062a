using System.Net.Http.Headers;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Adds the token to requests to one server, and lets no other request have it: not one to another address, none unencrypted beyond loopback.</summary>
internal sealed class SignedInHandler(EntraSignIn signIn, Uri server, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        if (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback)
        {
            throw new HttpRequestException($"A token is not sent to {address.GetLeftPart(UriPartial.Authority)}, which has no https: whoever reads it on the way could use it.");
        }

        if (Uri.Compare(address, server, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) != 0)
        {
            throw new HttpRequestException($"A token for {server.GetLeftPart(UriPartial.Authority)} is not sent to {address.GetLeftPart(UriPartial.Authority)}.");
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await signIn.TokenAsync(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            signIn.Dispose();
        }

        base.Dispose(disposing);
    }
}
