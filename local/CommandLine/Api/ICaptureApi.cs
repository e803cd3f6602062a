using CaptureFlow.Functions.Reaping;
using CaptureFlow.Functions.Triage;

namespace CaptureFlow.Local.CommandLine;

/// <summary>CaptureFlow's HTTP surface, as the command line uses it. No method throws for what a server or a network does.</summary>
internal interface ICaptureApi
{
    /// <summary>Asks for a capture.</summary>
    Task<ApiAnswer<CaptureStatus>> OrderAsync(CaptureRequest request, CancellationToken cancellationToken);

    /// <summary>Asks what would be done, and changes nothing.</summary>
    Task<ApiAnswer<PlannedOrder>> PlanAsync(CaptureRequest request, CancellationToken cancellationToken);

    Task<ApiAnswer<CaptureStatus>> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>The same, and the document that it was read from.</summary>
    Task<ApiAnswer<ShownCapture>> ShowAsync(string id, CancellationToken cancellationToken);

    /// <summary>One page of the captures that match.</summary>
    /// <param name="query">As <c>GET /api/captures</c> takes it, without a question mark.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ApiAnswer<CapturePage>> PageAsync(string query, CancellationToken cancellationToken);

    /// <summary>Ends it, revokes and discards. Null when it was accepted, or when there is nothing left to cancel.</summary>
    Task<ApiProblem?> CancelAsync(string id, CancellationToken cancellationToken);

    /// <summary>Ends its window now, and keeps the file. Null when it was accepted, or when there is nothing left to stop.</summary>
    Task<ApiProblem?> StopAsync(string id, CancellationToken cancellationToken);

    /// <summary>The first page of the captures that the server knows, in no order.</summary>
    Task<ApiAnswer<CaptureList>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Takes back what is overdue on every cluster, and says what access there is then. May take minutes.</summary>
    Task<ApiAnswer<AuditView>> TakeBackAsync(CancellationToken cancellationToken);

    /// <summary>A second person's word on a capture that waits for it. Null when it was accepted.</summary>
    Task<ApiProblem?> DecideAsync(string id, bool approve, string? comment, CancellationToken cancellationToken);

    /// <summary>The manifest's JSON as the server sent it.</summary>
    Task<ApiAnswer<string>> ManifestAsync(string id, CancellationToken cancellationToken);

    /// <summary>What access there is now. Asking every cluster may take minutes.</summary>
    Task<ApiAnswer<AuditView>> AuditAsync(CancellationToken cancellationToken);

    /// <summary>The log as the server sent it.</summary>
    Task<ApiAnswer<string>> LogAsync(string id, CancellationToken cancellationToken);

    /// <summary>What the capture file shows. Where the card is not there yet it is made, which may take minutes.</summary>
    Task<ApiAnswer<KeptCard>> TriageAsync(string id, CancellationToken cancellationToken);

    /// <summary>Writes a file of the capture to <paramref name="target"/>; bounded by its size and by a stall cap.</summary>
    /// <returns>The SHA-256 of what was written, lower-case hex.</returns>
    Task<ApiAnswer<string>> DownloadAsync(string id, string fileName, long bytes, Stream target, CancellationToken cancellationToken);
}
