namespace CaptureFlow.Sites.Gce;

/// <summary>How a node is reached.</summary>
public enum NodeTunnelKind
{
    /// <summary>Through Identity-Aware Proxy; the node needs no address that is reachable from here.</summary>
    Iap,

    /// <summary>TCP to the node's own address, port 22.</summary>
    Direct,
}
