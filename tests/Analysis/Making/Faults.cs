using System.Net;

namespace CaptureFlow.Analysis.Tests;

/// <summary>Faults of known kinds.</summary>
internal static class Faults
{
    public static readonly IPEndPoint Resolver = IPEndPoint.Parse("10.0.0.53:53");
    private static readonly IPAddress Asker = IPAddress.Parse("10.0.0.1");

    /// <summary>One of each in a row, each in a connection of its own.</summary>
    public static CaptureMaker All()
    {
        CaptureMaker capture = new();
        Healthy(capture);
        Refused(capture);
        Unanswered(capture);
        Retransmitted(capture);
        ZeroWindow(capture);
        ResetByServer(capture);
        IdleCut(capture);
        SlowHandshake(capture);
        KeptAlive(capture);
        PortsReused(capture);
        Dns(capture, 1, "nosuch.shop.svc.cluster.local", responseCode: 3);
        Dns(capture, 2, "broken.example", responseCode: 2);
        Dns(capture, 3, "web.shop.svc.cluster.local", responseCode: 0);
        Dns(capture, 4, "silent.example", responseCode: null);
        capture.Wait(3 * CaptureMaker.Second);
        Healthy(capture, port: 40_001);
        return capture;
    }

    public static void Healthy(CaptureMaker capture, int port = 40_000) =>
        new TcpTalk(capture, $"10.0.0.1:{port}", "10.0.0.2:80").Open()
            .Client(data: "GET /cart?session=s3cr3t HTTP/1.1\r\nHost: web\r\nCookie: id=c00kie\r\nAuthorization: Bearer t0ken\r\n\r\n").Server()
            .Server(data: "HTTP/1.1 200 OK\r\nSet-Cookie: id=c00kie\r\n\r\nb0dy").Client().Close();

    public static void Refused(CaptureMaker capture) =>
        new TcpTalk(capture, "10.0.0.1:40002", "10.0.0.2:81").Client(TcpFlags.Syn).Server(TcpFlags.Reset | TcpFlags.Ack);

    public static void Unanswered(CaptureMaker capture)
    {
        TcpTalk talk = new(capture, "10.0.0.1:40003", "10.0.0.9:443");
        for (var second = 1; second <= 4; second *= 2)
        {
            talk.Client(TcpFlags.Syn).Wait(second * CaptureMaker.Second).ClientNext--;
        }
    }

    public static void Retransmitted(CaptureMaker capture)
    {
        var talk = new TcpTalk(capture, "[fd00::1]:40004", "[fd00::2]:80").Open().Client(data: "asked once").Wait(300 * CaptureMaker.Millisecond);
        talk.ClientNext -= 10;
        talk.Client(data: "asked once").Server().Close();
    }

    public static void ZeroWindow(CaptureMaker capture)
    {
        var talk = new TcpTalk(capture, "10.0.0.1:40005", "10.0.0.2:9000").Open().Client(data: "more than it can take").Server(window: 0)
            .Wait(2 * CaptureMaker.Second).Client(data: "x");
        talk.ClientNext--;
        talk.Server(window: 0).Wait(CaptureMaker.Second).Server(window: 64_000).Client(data: "the rest").Server().Close();
    }

    public static void ResetByServer(CaptureMaker capture) =>
        new TcpTalk(capture, "10.0.0.1:40006", "10.0.0.2:5432").Open().Client(data: "SELECT 1").Server(TcpFlags.Reset | TcpFlags.Ack);

    public static void IdleCut(CaptureMaker capture) =>
        new TcpTalk(capture, "10.0.0.1:40007", "10.0.0.2:5433").Open().Client(data: "hello").Server().Wait(60 * CaptureMaker.Second)
            .Client(data: "still there?").Server(TcpFlags.Reset);

    public static void SlowHandshake(CaptureMaker capture) =>
        new TcpTalk(capture, "10.0.0.1:40008", "192.0.2.7:443").Client(TcpFlags.Syn).Wait(800 * CaptureMaker.Millisecond)
            .Server(TcpFlags.Syn | TcpFlags.Ack).Client().Close();

    public static void KeptAlive(CaptureMaker capture)
    {
        var talk = new TcpTalk(capture, "10.0.0.1:40009", "10.0.0.2:6379").Open().Client(data: "ping").Server();
        for (var i = 0; i < 4; i++)
        {
            talk.ClientNext--;
            talk.Wait(10 * CaptureMaker.Second).Client().ClientNext++;
        }
    }

    public static void PortsReused(CaptureMaker capture)
    {
        new TcpTalk(capture, "10.0.0.1:40010", "10.0.0.2:8080").Open().Close();
        new TcpTalk(capture, "10.0.0.1:40010", "10.0.0.2:8080") { ClientNext = 900_000, ServerNext = 7_000_000 }.Wait(CaptureMaker.Second).Open().Close();
    }

    /// <param name="capture">Where to.</param>
    /// <param name="id">Of the question.</param>
    /// <param name="name">What is asked for.</param>
    /// <param name="responseCode">Null for no answer, to two questions.</param>
    public static void Dns(CaptureMaker capture, ushort id, string name, int? responseCode)
    {
        IPEndPoint asker = new(Asker, 50_000 + id);
        capture.Add(Frames.Udp(asker, Resolver, Frames.Dns(id, name)));
        if (responseCode is null)
        {
            capture.Wait(5 * CaptureMaker.Second).Add(Frames.Udp(asker, Resolver, Frames.Dns(id, name)));
        }
        else
        {
            capture.Wait(id * CaptureMaker.Millisecond).Add(Frames.Udp(Resolver, asker, Frames.Dns(id, name, responseCode)));
        }
    }
}
