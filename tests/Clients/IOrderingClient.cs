namespace CaptureFlow.Clients;

/// <summary>What a generated client has to be able to do.</summary>
internal interface IOrderingClient
{
    /// <summary>By the kind of order: sends one, and gives back its id.</summary>
    IReadOnlyDictionary<string, Func<CancellationToken, Task<string>>> Orders();

    /// <summary>Whether a capture has ended, with its status and its verdict or the number of its members; waits for a change.</summary>
    Task<(bool Ended, string Text)> LookAsync(string id, CancellationToken cancellationToken);
}
