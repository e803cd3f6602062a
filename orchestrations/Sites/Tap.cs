namespace CaptureFlow.Orchestrations;

/// <summary>The running capture at the target.</summary>
/// <param name="Container">The container's name; the capture id.</param>
/// <param name="ImageId">The image as the node resolved it, with its digest.</param>
/// <param name="ListeningAt">When tcpdump said that it listens, UTC, by this side's clock. The window starts here.</param>
/// <param name="Ephemeral">True when the container will stay in the pod's spec, ended, for as long as the pod lives.</param>
public sealed record Tap(string Container, string? ImageId, DateTimeOffset ListeningAt, bool Ephemeral);

/// <summary>A look at the running tap.</summary>
/// <param name="Bytes">Size of the file so far; lags behind by what tcpdump buffers.</param>
/// <param name="Ended">True when the tap has already ended, by a limit or by itself.</param>
public sealed record TapObservation(long Bytes, bool Ended);
