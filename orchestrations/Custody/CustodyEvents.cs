namespace CaptureFlow.Orchestrations;

/// <summary>What a capture's log tells of. The words are a contract with whoever reads logs by machine.</summary>
public static class CustodyEvents
{
    /// <summary>Who did what nobody asked for at that moment: the workflow itself.</summary>
    public const string Self = "captureflow";

    public const string Asked = "asked";

    /// <summary>A second person said yes.</summary>
    public const string Approved = "approved";

    /// <summary>A second person said no.</summary>
    public const string Denied = "denied";

    public const string Granted = "granted";
    public const string Attached = "attached";

    /// <summary>Somebody asked to end the window and keep the file.</summary>
    public const string StopAsked = "stopAsked";

    /// <summary>Somebody asked to end it and keep nothing.</summary>
    public const string CancelAsked = "cancelAsked";

    /// <summary>The tap ended, and said what it holds.</summary>
    public const string Stopped = "stopped";

    public const string Fetched = "fetched";
    public const string Stored = "stored";
    public const string Discarded = "discarded";

    /// <summary>The file's bytes, or a link to them, were given out.</summary>
    public const string Downloaded = "downloaded";

    public const string Revoked = "revoked";

    /// <summary>The file's time was over.</summary>
    public const string Deleted = "deleted";
}
