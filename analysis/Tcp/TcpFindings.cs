namespace CaptureFlow.Analysis;

/// <summary>What is found of connections. The words of each say what was seen, and then what it usually means.</summary>
internal static class TcpFindings
{
    public static readonly FindingKind Refused = new(
        "tcp-refused", FindingSeverity.Error,
        group => $"{group.Count("connection")} refused: a SYN was answered with RST",
        "Nothing listens on that port, or a firewall rejects with a reset. Compare the Service's targetPort with the port that the process listens on.");

    public static readonly FindingKind Unanswered = new(
        "tcp-unanswered", FindingSeverity.Error,
        group => $"{Words.Count(group.Connections, "connection")} unanswered: {Words.Count(group.Of, "SYN")}, none was answered",
        "The packets are dropped on the way: a NetworkPolicy, a firewall or security group, a wrong route, or a node that is gone. Without an answer here it cannot be said on which side.");

    public static readonly FindingKind SlowHandshake = new(
        "tcp-slow-handshake", FindingSeverity.Warning,
        group => $"{group.Count("slow handshake")}: the longest took {Words.Time(group.Largest)} from SYN to SYN with ACK",
        "The way there and back is long, a SYN was lost and sent again, or the listener's backlog was full.");

    public static readonly FindingKind ResetByServer = new(
        "tcp-reset-by-server", FindingSeverity.Error,
        group => $"{group.Count("connection")} reset by the server{group.Detail}",
        "The server's process ended, closed with data unread, or something that speaks in its name (a load balancer, a firewall with an idle timeout) forgot the connection.");

    public static readonly FindingKind ResetByClient = new(
        "tcp-reset-by-client", FindingSeverity.Warning,
        group => $"{group.Count("connection")} reset by the client{group.Detail}",
        "The client gave up: a timeout of its own, a cancelled request, or it closed before it had read everything.");

    public static readonly FindingKind ResetAfterFin = new(
        "tcp-reset-after-fin", FindingSeverity.Note,
        group => $"{group.Count("connection")} ended with a reset after a FIN",
        "Mostly harmless: one end closed for good while the other still sent or was about to. With short answers missing it is worth a look.");

    public static readonly FindingKind IdleReset = new(
        "tcp-idle-cut", FindingSeverity.Error,
        group => $"{group.Count("connection")} reset after being idle for up to {Words.Time(group.Largest)}",
        "Something on the way (load balancer, NAT, firewall, proxy) forgets idle connections. Make keep-alives more frequent than its timeout, or the pool's idle timeout shorter.");

    public static readonly FindingKind HalfClosed = new(
        "tcp-half-closed", FindingSeverity.Note,
        group => $"{group.Count("connection")} half-closed at the end of the capture: one end sent FIN and the other did not",
        "The other end still works on its answer, or never closes its sockets (CLOSE_WAIT). Many of them point to a leak.");

    public static readonly FindingKind Retransmissions = new(
        "tcp-retransmissions", FindingSeverity.Warning,
        group => $"{group.Count("retransmission")} of {Words.Count(group.Of, "segment")} ({Words.Part(group.Seen.Count, group.Of)}){group.InConnections}{group.Detail}",
        "Packets are lost on the way, or their acknowledgments are. Above 1 % it is felt. Seen on one side only, the loss is between here and the other end.");

    public static readonly FindingKind SpuriousRetransmissions = new(
        "tcp-spurious-retransmissions", FindingSeverity.Note,
        group => $"{group.Count("segment")} sent again although already acknowledged{group.InConnections}",
        "The sender's timer was shorter than the way back, or the acknowledgment was lost behind this point.");

    public static readonly FindingKind OutOfOrder = new(
        "tcp-out-of-order", FindingSeverity.Note,
        group => $"{group.Count("segment")} out of order{group.InConnections}",
        "Packets took different ways, or a lost one was sent again very soon.");

    public static readonly FindingKind DuplicateAcks = new(
        "tcp-duplicate-acks", FindingSeverity.Note,
        group => $"{group.Count("duplicate ACK")}{group.InConnections}",
        "The receiver is missing a segment and asks for it, or segments came in another order.");

    public static readonly FindingKind ZeroWindows = new(
        "tcp-zero-window", FindingSeverity.Warning,
        group => $"{group.Count("zero window")}{group.InConnections}, closed for up to {Words.Time(group.Largest)}: {group.Detail} could not take more",
        "The process on that side does not read: it is busy, blocked, out of CPU, or waits for something else. The network is not the cause.");

    public static readonly FindingKind WindowFull = new(
        "tcp-window-full", FindingSeverity.Note,
        group => $"{group.Count("time")} the window of the receiver was filled to the brim{group.InConnections}",
        "The sender waits for the receiver. With long round trips, the receive buffer limits the throughput.");

    public static readonly FindingKind LostSegments = new(
        "tcp-not-captured", FindingSeverity.Note,
        group => $"{group.Count("gap")} in what was captured{group.InConnections}: segments that were there, or were acknowledged, are not in the file",
        "The capture lost packets, began in the middle, sees one direction only, or the filter keeps some away. Counts of retransmissions may be off.");

    public static readonly FindingKind SlowAcks = new(
        "tcp-slow-acks", FindingSeverity.Note,
        group => $"acknowledgments took up to {Words.Time(group.Largest)} (median at most {Words.Time(group.Times.Quantile(0.5))}, of {Words.Count(group.Times.Count, "measurement")})",
        "Distance, a queue on the way, or delayed acknowledgments (40 ms and 200 ms are those).");

    public static readonly FindingKind OneDirection = new(
        "tcp-one-direction", FindingSeverity.Warning,
        group => $"{group.Count("connection")} seen in one direction only",
        "The other direction takes another way or another interface, or the filter keeps it away. Answers may well be there.");

    public static readonly FindingKind KeepAlives = new(
        "tcp-keep-alive-unanswered", FindingSeverity.Warning,
        group => $"{group.Count("keep-alive")} without an answer{group.InConnections}",
        "The other end is gone, or something on the way has forgotten the connection.");
}
