using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Analysis.Tests;

public sealed class CardMarkdownTests
{
    [Fact]
    public async Task Write_RefusedAndNxdomain_ReadsAsAPage()
    {
        CaptureMaker capture = new();
        Faults.Refused(capture);
        Faults.Dns(capture, 1, "nosuch.example", responseCode: 3);

        var text = CardMarkdown.Write(await Analyze.CaptureAsync(capture));

        Assert.Equal(
            """
            # 4 packets, 2 conversations: 1 connection refused: a SYN was answered with RST (10.0.0.1 → 10.0.0.2:81); 1 DNS answer NXDOMAIN by 10.0.0.53:53 (nosuch.example).

            pcap, 4 packets, 260 B on the wire, from 2026-03-04 12:00:00.000100Z to 2026-03-04 12:00:00.001400Z

            ## Findings

            - **Error** `10.0.0.1 → 10.0.0.2:81`: 1 connection refused: a SYN was answered with RST. Packet 2, first at 2026-03-04 12:00:00.000200Z.
              Nothing listens on that port, or a firewall rejects with a reset. Compare the Service's targetPort with the port that the process listens on. (`tcp-refused`)
            - **Warning** `nosuch.example`: 1 DNS answer NXDOMAIN by 10.0.0.53:53. Packet 4, first at 2026-03-04 12:00:00.001400Z.
              No such name: it is misspelled, the Service or namespace is another, or it is one of the search domains that are tried first (ndots), which is only slow. (`dns-nxdomain`)

            ## Top conversations of 2: by bytes, packets or time

            | client | server | protocol | packets | bytes | seconds | first packet | handshake | ended |
            |---|---|---|---|---|---|---|---|---|
            | `10.0.0.1:50001` | `10.0.0.53:53` | udp, dns | 2 | 148 | 0.001 | 3 |  |  |
            | `10.0.0.1:40002` | `10.0.0.2:81` | tcp | 2 | 112 | 0 | 1 |  | refused |

            ## TCP

            1 connection: 1 refused, 0 unanswered, 0 reset
            1 segment, 0 sent again (0 %)

            ## DNS

            1 asked, 1 answered: 1 NXDOMAIN, 0 SERVFAIL, 0 unanswered
            Answers: half of them within 1.1 ms, the longest 1.1 ms

            """.ReplaceLineEndings("\n"),
            text);
    }

    /// <summary>The card goes to more people than the capture does.</summary>
    [Fact]
    public async Task Card_OfRequestsWithSecrets_HasNoneOfThem()
    {
        var card = await Analyze.CaptureAsync(Faults.All());

        var all = CardMarkdown.Write(card) + JsonSerializer.Serialize(card, CaptureJson.Indented);

        Assert.All(
            ["s3cr3t", "session", "c00kie", "t0ken", "b0dy", "SELECT", "Bearer", "HTTP/1.1", "asked once"],
            secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Name_ThatWouldBreakThePage_IsMadeSafe()
    {
        CaptureMaker capture = new();
        Faults.Dns(capture, 1, "a`|b\u001b[31m<script>\n# x.example", responseCode: 3);

        var card = await Analyze.CaptureAsync(capture);

        Assert.Equal("a??b?[31m?script??#?x.example", Analyze.Single(card, "dns-nxdomain").Subject);
        Assert.DoesNotContain(CardMarkdown.Write(card).Split('\n'), line => line.StartsWith("# x", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MoreThanFits_IsCounted()
    {
        CaptureMaker capture = new();
        for (var i = 0; i < 25; i++)
        {
            new TcpTalk(capture, $"10.0.0.1:{40_000 + i}", $"10.0.0.2:{81 + i}").Client(TcpFlags.Syn).Server(TcpFlags.Reset | TcpFlags.Ack);
        }

        var card = await Analyze.CaptureAsync(capture);

        Assert.Equal((10, 15, 25), (card.Findings.Count, card.FindingsLeftOut["tcp-refused"], card.Tcp.Refused));
        Assert.Contains("- and `tcp-refused` of 15 more\n", CardMarkdown.Write(card), StringComparison.Ordinal);
        Assert.InRange(card.Conversations.Count, 10, 30);
    }

    [Fact]
    public async Task Json_HasItsSchemaAndCamelCase()
    {
        var card = await Analyze.CaptureAsync(Faults.All());

        using var json = JsonDocument.Parse(JsonSerializer.Serialize(card, CaptureJson.Indented));

        Assert.Equal(TriageCard.CurrentSchema, json.RootElement.GetProperty("schema").GetString());
        Assert.Equal("Error", json.RootElement.GetProperty("findings")[0].GetProperty("severity").GetString());
        Assert.Equal(card.File.Packets, json.RootElement.GetProperty("file").GetProperty("packets").GetInt64());
    }
}
