namespace CaptureFlow.Sites.Gce;

/// <summary>An open way: where to connect to. Disposing ends what goes through it.</summary>
internal interface INodeRoute : IAsyncDisposable
{
    string Host { get; }

    int Port { get; }

    /// <summary>Why the way broke; null while it holds.</summary>
    string? Trouble { get; }
}
