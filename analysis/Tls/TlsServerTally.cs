namespace CaptureFlow.Analysis;

/// <summary>All handshakes with one server under one name.</summary>
internal sealed class TlsServerTally
{
    private const int MostVersions = 8;
    private const int MostNames = 4;

    private readonly SortedSet<string> _versions = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _protocols = new(StringComparer.Ordinal);
    private TlsCertificate? _certificate;

    public long Handshakes { get; private set; }

    public long Failed { get; private set; }

    public void Add(TlsFacts facts, string version, bool failed)
    {
        Handshakes++;
        Failed += failed ? 1 : 0;
        _certificate = facts.Certificate ?? _certificate;
        if (facts.ServerHello is not null && _versions.Count < MostVersions)
        {
            _versions.Add(version);
        }

        // What was chosen, where it can be seen; else what was offered.
        foreach (var protocol in facts.ServerHello is { Protocols.Count: > 0 } hello ? hello.Protocols : facts.ClientHello?.Protocols ?? [])
        {
            if (_protocols.Count < MostVersions)
            {
                _protocols.Add(protocol);
            }
        }
    }

    public TlsServerRow ToRow(string server, string? name) => new(
        server, name, Handshakes, Failed, [.. _versions], [.. _protocols], [.. _certificate?.Names.Take(MostNames) ?? []], _certificate?.NotAfter);
}
