namespace CaptureFlow.Analysis;

/// <summary>HTTP/2 in the clear, gRPC on it included: holds requests against their answers, stream by stream.</summary>
internal sealed class Http2Reader : IStreamReader, IHttp2Events
{
    /// <summary>Streams that are open at the same time on one connection; more are not told apart.</summary>
    private const int MostStreams = 1_000;

    private readonly HttpLedger _ledger;
    private readonly StreamBudget _budget;
    private readonly TcpConversation _connection;
    private readonly Http2FrameReader _client;
    private readonly Http2FrameReader _server;
    private readonly Dictionary<int, HttpExchange> _streams = [];
    private bool _isGrpc;
    private bool _halfRead;
    private long _gaps;

    public Http2Reader(HttpLedger ledger, StreamBudget budget, TcpConversation connection, bool midway)
    {
        (_ledger, _budget, _connection, _halfRead) = (ledger, budget, connection, midway);
        _client = new(budget, this, client: true, midway);
        _server = new(budget, this, client: false, midway);
    }

    public string Name => _isGrpc ? "grpc" : "http/2";

    public bool IsDone => false;

    public IByteSink FromClient => _client;

    public IByteSink FromServer => _server;

    public void End(TcpConversation connection, long endTime)
    {
        _client.End();
        _server.End();
        foreach (var exchange in _streams.OrderBy(stream => stream.Key).Select(stream => stream.Value))
        {
            if (exchange.IsAnswered)
            {
                _ledger.AddEnded(exchange, connection);
            }
            else if (exchange.Gaps == _gaps)
            {
                _ledger.AddUnanswered(exchange, connection, endTime);
            }
            else
            {
                _ledger.AddUnclear(exchange, connection);
            }
        }

        _budget.Return(_streams.Count * HttpExchange.Cost);
        _streams.Clear();
        _ledger.HalfRead += _halfRead ? 1 : 0;
    }

    public void Headers(bool client, int stream, Http2Headers headers, bool endsStream, Moment at)
    {
        if (client)
        {
            Ask(stream, headers, at);
        }
        else if (_streams.TryGetValue(stream, out var exchange))
        {
            Answer(exchange, headers, at);
            if (endsStream)
            {
                EndStream(client, stream, at);
            }
        }
        else if (headers.Status is >= 200 and var status)
        {
            _ledger.AddAnswered(null, status, at, _connection);
        }
    }

    public void EndStream(bool client, int stream, Moment at)
    {
        if (client || !TryEnd(stream, out var exchange))
        {
            return;
        }

        if (exchange.IsAnswered)
        {
            _ledger.AddEnded(exchange, _connection);
        }
        else
        {
            _ledger.AddUnclear(exchange, _connection);
        }
    }

    public void Reset(bool client, int stream, uint code, Moment at)
    {
        const uint noError = 0;
        if (!TryEnd(stream, out var exchange))
        {
            return;
        }

        if (code == noError && exchange.IsAnswered)
        {
            _ledger.AddEnded(exchange, _connection);
        }
        else
        {
            _ledger.AddReset(exchange, _connection, client, code, at);
        }
    }

    public void GoAway(bool client, uint code, Moment at)
    {
        if (code != 0)
        {
            _ledger.AddGoAway(_connection, client, code, at);
        }
    }

    public void Gap(bool client)
    {
        _halfRead = true;
        _gaps += client ? 0 : 1;
    }

    private void Ask(int stream, Http2Headers headers, Moment at)
    {
        if (_streams.ContainsKey(stream))
        {
            // Trailers of the request.
            return;
        }

        _isGrpc |= headers.IsGrpc;
        var path = headers.Path is { } known ? System.Text.Encoding.Latin1.GetBytes(known) : null;
        var route = path is null ? "a path that is not known" : headers.IsGrpc ? RouteShape.OfCall(path) : RouteShape.Of(path);
        var method = headers.Method is { } said ? HttpWords.Method(System.Text.Encoding.Latin1.GetBytes(said + " ")) ?? "another method" : "?";
        HttpExchange exchange = new(headers.IsGrpc ? "grpc" : "http/2", method, route, at) { Gaps = _gaps };
        if (_streams.Count < MostStreams && _budget.TryTake(HttpExchange.Cost))
        {
            _streams[stream] = exchange;
        }
        else
        {
            _ledger.AddUnclear(exchange, _connection);
        }
    }

    private void Answer(HttpExchange exchange, Http2Headers headers, Moment at)
    {
        if (headers.IsGrpc)
        {
            _isGrpc = true;
            exchange.Protocol = "grpc";
        }

        // 100 to 199 come before the answer.
        if (!exchange.IsAnswered && headers.Status is >= 200 and var status)
        {
            (exchange.Status, exchange.ResponseAt) = (status, at);
        }

        exchange.GrpcStatus ??= headers.GrpcStatus;
    }

    private bool TryEnd(int stream, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HttpExchange? exchange)
    {
        if (!_streams.Remove(stream, out exchange))
        {
            return false;
        }

        _budget.Return(HttpExchange.Cost);
        return true;
    }
}
