namespace CaptureFlow.Analysis;

/// <summary>Follows the handshake of one connection, until everything that comes is encrypted.</summary>
internal sealed class TlsReader : IStreamReader, ITlsEvents
{
    private const int ClientHello = 1;
    private const int ServerHello = 2;
    private const int Certificate = 11;
    private const int CertificateRequest = 13;
    private const int ServerHelloDone = 14;
    private const int ClientKeyExchange = 16;

    private readonly TlsLedger _ledger;
    private readonly TlsRecordReader _client;
    private readonly TlsRecordReader _server;
    private readonly TlsFacts _facts = new();

    public TlsReader(TlsLedger ledger, StreamBudget budget)
    {
        _ledger = ledger;
        _client = new(budget, this, client: true);
        _server = new(budget, this, client: false);
    }

    public string Name => "tls";

    public bool IsDone { get; private set; }

    public IByteSink FromClient => _client;

    public IByteSink FromServer => _server;

    public void End(TcpConversation connection, long endTime)
    {
        Moment end = new(connection.FirstPacket, endTime);
        _client.End(end);
        _server.End(end);
        _ledger.Add(_facts, connection, endTime);
    }

    public void Message(bool client, int type, ReadOnlySpan<byte> body, bool cut, Moment at)
    {
        _facts.HasGap |= cut;
        switch (type)
        {
            case ClientHello when client && TlsHello.Read(body, ofClient: true, cut) is { } hello:
                // After a HelloRetryRequest the second says the same in what is shown.
                (_facts.ClientHello, _facts.ClientHelloAt) = _facts.ClientHello is null ? (hello, at) : (_facts.ClientHello, _facts.ClientHelloAt);
                _facts.LastStep = "ClientHello";
                break;
            case ServerHello when !client && TlsHello.Read(body, ofClient: false, cut) is { IsRetry: false } hello:
                (_facts.ServerHello, _facts.ServerHelloAt) = (hello, at);
                _facts.LastStep = "ServerHello";
                break;
            case ServerHello when !client:
                _facts.LastStep = "HelloRetryRequest";
                break;
            case Certificate when !client && !cut:
                (_facts.Certificate, _facts.CertificateAt) = (TlsCertificate.ReadFirst(body), at);
                _facts.LastStep = "the server's certificate";
                break;
            case Certificate when client:
                _facts.LastStep = "the client's certificate";
                break;
            case CertificateRequest when !client:
                _facts.LastStep = "the request for a client certificate";
                break;
            case ServerHelloDone when !client:
                _facts.LastStep = "ServerHelloDone";
                break;
            case ClientKeyExchange when client:
                _facts.LastStep = "ClientKeyExchange";
                break;
            default:
                break;
        }
    }

    public void Alerted(bool client, int level, int description, Moment at)
    {
        if (TlsWords.IsFailure(level, description))
        {
            _facts.Alert ??= (client, description, _facts.LastStep ?? "nothing that was seen", at);
        }
    }

    public void CipherChanged(bool client, Moment at)
    {
    }

    public void Encrypted(bool client, int type, int length, Moment at)
    {
        if (_facts is { ClientHello: null, ServerHello: null, HasGap: false })
        {
            _facts.BeganBefore = true;
            IsDone = true;
        }
        else if (type == TlsRecordReader.ApplicationData && _facts.ServerHello is null or { Version: 0x0304 or 0 })
        {
            EncryptedBy13(client, length, at);
        }
        else
        {
            EncryptedByOlder(client, type, at);
        }
    }

    public void Gap(bool client, Moment at) => _facts.HasGap = true;

    public void NotTls(bool client, Moment at) => _facts.NotTls ??= (client, at);

    private void EncryptedBy13(bool client, int length, Moment at)
    {
        if (_facts.ServerHello is null && !_facts.HasGap)
        {
            // Early data, behind a ClientHello.
            return;
        }

        if (!client)
        {
            _facts.ServerFinished = true;
            if (_facts.ClientFinished)
            {
                var after = _facts.ServerAfter;
                _facts.ServerAfter = after.Count == 0 ? (1, length == TlsFacts.EncryptedAlertLength, at) : after with { Count = after.Count + 1 };
                IsDone = after.Count > 0 || length != TlsFacts.EncryptedAlertLength;
            }
        }
        else if (!_facts.ClientFinished && length == TlsFacts.EncryptedAlertLength)
        {
            _facts.EncryptedAlert ??= (true, at);
        }
        else
        {
            _facts.ClientFinished = true;
        }
    }

    private void EncryptedByOlder(bool client, int type, Moment at)
    {
        if (type == TlsRecordReader.Alert)
        {
            _facts.EncryptedAlert ??= _facts.IsComplete ? null : (client, at);
            return;
        }

        _facts.ClientFinished |= client;
        _facts.ServerFinished |= !client;
        IsDone = _facts.IsComplete;
    }
}
