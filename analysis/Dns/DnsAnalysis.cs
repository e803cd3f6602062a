namespace CaptureFlow.Analysis;

/// <summary>Holds questions to DNS against their answers, over port 53, UDP and TCP.</summary>
internal sealed class DnsAnalysis(AnalysisOptions options, FindingBook book)
{
    public const int Port = 53;
    private const long Second = 1_000_000_000;

    /// <summary>A resolver gives up before: 5 s and a retry are glibc's.</summary>
    private const long LongestWait = 30 * Second;

    private readonly Dictionary<(FlowKey Flow, ushort Id), DnsQuestion> _waiting = [];
    private RoundTrips _times;
    private long _queries;
    private long _answers;
    private long _noSuchName;
    private long _serverFailures;
    private long _unanswered;

    /// <summary>Questions whose answer was not waited for, to make room.</summary>
    public long GivenUp { get; private set; }

    public DnsTotals Totals => new(
        _queries, _answers, _noSuchName, _serverFailures, _unanswered, _times.MedianMilliseconds, _times.LongestMilliseconds);

    /// <summary>By the port: nothing else tells DNS from other datagrams.</summary>
    public static bool IsFor(Packet p) => (p.SourcePort == Port || p.DestinationPort == Port) && p.Payload.Length > 0;

    public void Look(Packet p) =>
        Look(FlowKey.Of(p, out _), new(p.Source, p.SourcePort), new(p.Destination, p.DestinationPort), p.Payload.Span, Moment.Of(p));

    /// <param name="flow">Of the packet or connection.</param>
    /// <param name="from">Who says it.</param>
    /// <param name="to">To whom.</param>
    /// <param name="data">The message, from its first byte.</param>
    /// <param name="at">The packet that it is in.</param>
    public void Look(FlowKey flow, Endpoint from, Endpoint to, ReadOnlySpan<byte> data, Moment at)
    {
        if (!DnsMessage.TryRead(data, out var message))
        {
            return;
        }

        if (message.IsAnswer)
        {
            Answered(message, (flow, message.Id), from, at);
        }
        else
        {
            Asked(message, (flow, message.Id), to, at);
        }
    }

    /// <summary>The capture is over: what still waits has no answer, but for what was asked just before.</summary>
    public void End(long endTime)
    {
        foreach (var question in _waiting.Values)
        {
            if (question.Asked.Count > 1 || endTime - question.Asked.FirstTime >= Second)
            {
                NoteUnanswered(question);
            }
        }

        _waiting.Clear();
    }

    private void Asked(in DnsMessage message, (FlowKey Flow, ushort Id) key, Endpoint server, Moment at)
    {
        _queries++;
        var name = message.Name ?? "a name that is cut";
        if (_waiting.TryGetValue(key, out var question) && question.Name != name)
        {
            // The id and the port came round again: the one before is not waited for any more.
            NoteUnanswered(question);
            question = null;
        }

        if (question is null)
        {
            MakeRoom(at.Time);
            _waiting[key] = question = new(name, server);
        }

        question.Asked.Add(at.Number, at.Time);
    }

    private void Answered(in DnsMessage message, (FlowKey Flow, ushort Id) key, Endpoint server, Moment at)
    {
        _answers++;
        if (_waiting.Remove(key, out var question))
        {
            _times.Add(at.Time - question.Asked.LastTime, at.Number);
        }

        var kind = message.ResponseCode switch
        {
            DnsMessage.NoSuchName => DnsFindings.NoSuchName,
            DnsMessage.ServerFailure => DnsFindings.ServerFailure,
            _ => null,
        };
        _noSuchName += kind == DnsFindings.NoSuchName ? 1 : 0;
        _serverFailures += kind == DnsFindings.ServerFailure ? 1 : 0;
        if (kind is not null)
        {
            book.Note(kind, message.Name ?? question?.Name ?? "a name that is cut", at, server.ToString());
        }
    }

    private void NoteUnanswered(DnsQuestion question)
    {
        _unanswered++;
        var group = book.Note(DnsFindings.Unanswered, question.Name, question.Asked);
        group.Of++;
        group.Detail ??= question.Server.ToString();
    }

    private void MakeRoom(long time)
    {
        if (_waiting.Count < options.Questions)
        {
            return;
        }

        // A quarter at once, so that it is seldom done.
        foreach (var (key, question) in _waiting.OrderBy(waiting => waiting.Value.Asked.LastTime).Take(Math.Max(1, options.Questions / 4)).ToList())
        {
            _waiting.Remove(key);
            if (time - question.Asked.LastTime >= LongestWait)
            {
                NoteUnanswered(question);
            }
            else
            {
                GivenUp++;
            }
        }
    }
}
