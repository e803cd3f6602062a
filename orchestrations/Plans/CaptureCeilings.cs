namespace CaptureFlow.Orchestrations;

/// <summary>Hard limits that no configuration can raise.</summary>
public static class CaptureCeilings
{
    /// <summary>Longest window: beyond it a capture is monitoring, and a grant a standing permission.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromHours(1);

    /// <summary>Shortest window: below it the tail margin outweighs the capture.</summary>
    public static readonly TimeSpan ShortestDuration = TimeSpan.FromSeconds(1);

    /// <summary>Largest file, bytes. An ephemeral container writes on the application pod's own storage allowance.</summary>
    public const long Bytes = 8L << 30;

    /// <summary>Most pods in one order: their list must fit into an orchestration's status of 16 KB.</summary>
    public const int Pods = 50;

    /// <summary>Longest filter, characters; the largest that tcpdump's users publish are a few hundred.</summary>
    public const int FilterLength = 2_000;

    /// <summary>Longest reason, and longest comment of an approval, characters.</summary>
    public const int ReasonLength = 500;
}
