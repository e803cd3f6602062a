namespace CaptureFlow.Local.CommandLine;

/// <summary>Follows the pages of a server's list.</summary>
internal sealed class CaptureLister(ICaptureApi api)
{
    private const int LargestPage = 200;

    /// <summary>A server whose list never ends is not followed for ever: 200,000 captures are looked at.</summary>
    private const int MostPages = 1000;

    public async Task<ApiAnswer<FoundCaptures>> FindAsync(ListFilter filter, int limit, CancellationToken cancellationToken)
    {
        // What is picked out here may be rare on a page.
        var pageSize = filter.Statuses.Count > 0 ? LargestPage : Math.Min(limit, LargestPage);
        List<ShownCapture> found = [];
        HashSet<string> ids = [];
        string? token = null;
        for (var page = 0; page < MostPages; page++)
        {
            var (seen, problem) = await api.PageAsync(filter.Query(pageSize, token), cancellationToken);
            if (seen is null)
            {
                return new(null, problem);
            }

            // One that ends meanwhile may be on two pages.
            var matching = seen.Captures.Where(capture => filter.Admits(capture.Status) && ids.Add(capture.Status.Id)).ToList();
            var room = limit - found.Count;
            found.AddRange(matching.Take(room));
            token = seen.ContinuationToken;
            if (token is null || found.Count == limit)
            {
                return new(new(found, More: token is not null || matching.Count > room), null);
            }
        }

        return new(new(found, More: true), null);
    }
}
