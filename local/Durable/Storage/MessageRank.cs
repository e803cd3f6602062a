namespace CaptureFlow.Local.Durable.Storage;

/// <summary>The order of messages that are due together.</summary>
internal enum MessageRank
{
    /// <summary>The start of an execution.</summary>
    Start = 0,

    /// <summary>An event that the execution before left unread.</summary>
    CarriedOver = 1,

    /// <summary>Everything else, by due time and then by arrival.</summary>
    Normal = 2,
}
