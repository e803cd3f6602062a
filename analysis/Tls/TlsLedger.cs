namespace CaptureFlow.Analysis;

/// <summary>Counts TLS connections, and says what became of each handshake.</summary>
internal sealed class TlsLedger(FindingBook book)
{
    private const int MostServers = 1_000;
    private const long Second = 1_000_000_000;
    private const long SlowAnswer = Second / 2;
    private const int SoonDays = 14;
    private const int MostNames = 4;

    private readonly Dictionary<(string Server, string? Name), TlsServerTally> _servers = [];
    private readonly SortedDictionary<string, long> _versions = new(StringComparer.Ordinal);
    private long _handshakes;
    private long _completed;
    private long _failed;

    /// <summary>For tests: each connection with all that was seen.</summary>
    public Action<TlsFacts, TcpConversation>? Observer { get; set; }

    public long BeganBefore { get; private set; }

    /// <summary>Handshakes of which parts are missing, so that their end cannot be said.</summary>
    public long Unclear { get; private set; }

    public long Encrypted13 { get; private set; }

    public TlsTotals Close(int rows) => new(
        _handshakes, _completed, _failed, Unclear, BeganBefore, _versions,
        [.. _servers.OrderByDescending(pair => pair.Value.Failed).ThenByDescending(pair => pair.Value.Handshakes)
            .ThenBy(pair => pair.Key.Server, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Name, StringComparer.Ordinal).Take(rows).Select(pair => pair.Value.ToRow(pair.Key.Server, pair.Key.Name))]);

    public void Add(TlsFacts facts, TcpConversation c, long endTime)
    {
        Observer?.Invoke(facts, c);
        if (facts is { ClientHello: null, ServerHello: null })
        {
            BeganBefore++;
            return;
        }

        _handshakes++;
        var version = TlsWords.Version(facts.Version);
        if (facts.ServerHello is not null)
        {
            _versions[version] = _versions.GetValueOrDefault(version) + 1;
        }

        Encrypted13 += facts.IsVersion13 ? 1 : 0;
        var name = facts.ClientHello?.ServerName;
        var subject = name is null ? c.Subject : $"{c.Subject} ({name})";
        var failed = NoteFailure(facts, c, endTime, subject);
        _failed += failed ? 1 : 0;
        _completed += !failed && facts.IsComplete ? 1 : 0;
        NoteQuality(facts, subject);
        TallyOf(c.ServerEnd.ToString(), name).Add(facts, version, failed);
    }

    private TlsServerTally TallyOf(string server, string? name)
    {
        var key = _servers.Count < MostServers || _servers.ContainsKey((server, name)) ? (server, name) : ("others", null);
        if (!_servers.TryGetValue(key, out var tally))
        {
            _servers[key] = tally = new();
        }

        return tally;
    }

    private bool NoteFailure(TlsFacts facts, TcpConversation c, long endTime, string subject)
    {
        if (facts.Alert is { } alert)
        {
            var says = $"alert {TlsWords.Alert(alert.Description)} from the {Side(alert.FromClient)} after {alert.After}";
            book.NoteVariant(TlsFindings.Alert, subject, says, alert.At);
            return true;
        }

        if (facts is { NotTls: { FromClient: false } plain, ServerHello: null })
        {
            book.Note(TlsFindings.NotTls, subject, plain.At);
            return true;
        }

        if (!facts.IsComplete && facts.EncryptedAlert is { } hidden)
        {
            book.NoteVariant(TlsFindings.EncryptedAlert, subject, $"from the {Side(hidden.FromClient)} in place of its Finished", hidden.At);
            return true;
        }

        if (facts is { IsComplete: true, ServerAfter: { Count: 1, FirstIsAlert: true } after })
        {
            book.NoteVariant(TlsFindings.EncryptedAlert, subject, "from the server, and nothing else after the client's Finished", after.FirstAt);
            return true;
        }

        return !facts.IsComplete && NoteIncomplete(facts, c, endTime, subject);
    }

    private bool NoteIncomplete(TlsFacts facts, TcpConversation c, long endTime, string subject)
    {
        if (facts.HasGap || c.OneDirection || facts.ClientHello is null)
        {
            Unclear++;
            return false;
        }

        var after = facts.ServerHello is null ? $"no ServerHello: after {facts.LastStep}" : $"after {facts.LastStep}";
        var end = c.End is { } ended ? $"the {Side(ended.ByClient)} {(ended.ByReset ? "reset" : "closed")} the connection"
            : endTime - c.LastTime >= Second ? "nothing more came"
            : null;
        if (end is null)
        {
            // Under way when the capture ended.
            return false;
        }

        book.NoteVariant(TlsFindings.Failed, subject, $"{after}, {end}", facts.ServerHello is null ? facts.ClientHelloAt : facts.ServerHelloAt);
        return true;
    }

    private void NoteQuality(TlsFacts facts, string subject)
    {
        if (facts.Version is > 0 and < 0x0303)
        {
            book.NoteVariant(TlsFindings.OldVersion, subject, TlsWords.Version(facts.Version), facts.ServerHelloAt);
        }

        if (facts is { ClientHello: not null, ServerHello: not null }
            && facts.ServerHelloAt.Time - facts.ClientHelloAt.Time is >= SlowAnswer and var waited)
        {
            var slow = book.Note(TlsFindings.Slow, subject, facts.ServerHelloAt);
            slow.Largest = Math.Max(slow.Largest, waited);
        }

        if (facts.Certificate is not { } certificate)
        {
            return;
        }

        var at = Words.At(facts.CertificateAt.Time);
        if (at > certificate.NotAfter || at < certificate.NotBefore)
        {
            var says = at > certificate.NotAfter ? $"expired on {Words.Day(certificate.NotAfter)}" : $"is valid only from {Words.Day(certificate.NotBefore)} on";
            book.NoteVariant(TlsFindings.Expired, subject, says, facts.CertificateAt);
        }
        else if (certificate.NotAfter - at < TimeSpan.FromDays(SoonDays))
        {
            book.NoteVariant(TlsFindings.ExpiresSoon, subject, $"expires on {Words.Day(certificate.NotAfter)}", facts.CertificateAt);
        }

        if (facts.ClientHello?.ServerName is { } name && certificate.Names.Count > 0 && !certificate.Covers(name))
        {
            book.NoteVariant(TlsFindings.OtherName, subject, string.Join(", ", certificate.Names.Take(MostNames)), facts.CertificateAt);
        }
    }

    private static string Side(bool client) => client ? "client" : "server";
}
