namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Reads the server's clock from every answer that passes.</summary>
internal sealed class ClockReading(ClusterClock clock) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        // A cache in between, which should not be there, says so: its date is an old one.
        if (response.Headers is { Date: { } date, Age: null })
        {
            clock.Told(date);
        }

        return response;
    }
}
