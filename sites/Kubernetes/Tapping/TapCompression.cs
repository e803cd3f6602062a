namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Whether the file is compressed in the container on its way out.</summary>
public enum TapCompression
{
    /// <summary>When a slow line and compressible bytes make it pay, from the middle of the file on.</summary>
    Auto,

    /// <summary>Never: no CPU of the pod's node is spent on it.</summary>
    Off,

    /// <summary>From the first byte, where the image has gzip.</summary>
    On,
}
