using System.Text.Json;

namespace CaptureFlow.Analysis.Tests;

public sealed class DifferenceMarkdownTests
{
    [Fact]
    public async Task Write_OfEachSort_ReadsAsAPage()
    {
        var a = CaptureComparerTests.Made(capture => CaptureComparerTests.Refused(capture, 81), Faults.Unanswered, capture => CaptureComparerTests.Refused(capture, 82));
        var b = CaptureComparerTests.Made(
            capture => CaptureComparerTests.Refused(capture, 81),
            capture => Enumerable.Range(0, 4).ToList().ForEach(i => CaptureComparerTests.Refused(capture, 82, 41_000 + i)),
            capture => CaptureComparerTests.Refused(capture, 83));

        var text = DifferenceMarkdown.Write(await CaptureComparerTests.CompareAsync(a, b));

        const string Means = "Nothing listens on that port, or a firewall rejects with a reset. Compare the Service's targetPort with the port that the process listens on.";
        var expected =
            $"""
            # B has 1 finding that A does not have, the worst: 1 connection refused: a SYN was answered with RST (10.0.0.1 → 10.0.0.2:83); A has 1 finding that B does not have, the worst: 1 connection unanswered: 3 SYNs, none was answered (10.0.0.1 → 10.0.0.9:443); 1 finding of both much more frequent in one.

            - A: pcap, 7 packets, 398 B on the wire, from 2026-03-04 12:00:00.000100Z to 2026-03-04 12:00:07.000700Z
            - B: pcap, 12 packets, 672 B on the wire, from 2026-03-04 12:00:00.000100Z to 2026-03-04 12:00:00.001200Z

            ## Only in B

            - **Error** `10.0.0.1 → 10.0.0.2:83`: 1 connection refused: a SYN was answered with RST. Packet 12, first at 2026-03-04 12:00:00.001200Z.
              {Means} (`tcp-refused`)
              A has this kind of finding for other subjects, 2 times.

            ## Only in A

            - **Error** `10.0.0.1 → 10.0.0.9:443`: 1 connection unanswered: 3 SYNs, none was answered. Packets 3, 4, 5, first at 2026-03-04 12:00:00.000300Z.
              The packets are dropped on the way: a NetworkPolicy, a firewall or security group, a wrong route, or a node that is gone. Without an answer here it cannot be said on which side. (`tcp-unanswered`)

            ## In both, but much more frequent in one

            - **Error** `10.0.0.1 → 10.0.0.2:82`: 2.3 times as frequent in B, for each packet (`tcp-refused`)
              A: 1 connection refused: a SYN was answered with RST. Packet 7, first at 2026-03-04 12:00:07.000700Z.
              B: 4 connections refused: a SYN was answered with RST. Packets 4, 6, 8, 10, first at 2026-03-04 12:00:00.000400Z.

            ## The rest

            - 1 finding of both, about as often in each

            ## Side by side

            | measure | A | B |
            |---|---|---|
            | packets | 7 | 12 |
            | seconds | 7.001 | 0.001 |
            | conversations | 3 | 6 |
            | TCP connections | 3 | 6 |
            | TCP connections refused | 66.67 % | 100 % |
            | TCP connections unanswered | 33.33 % | 0 % |
            | TCP segments sent again | 40 % | 0 % |

            """.ReplaceLineEndings("\n");
        Assert.Equal(expected, text);
    }

    [Fact]
    public async Task Json_HasItsSchemaAndBothFiles()
    {
        var difference = await CaptureComparerTests.CompareAsync(Faults.All(), CaptureComparerTests.Made(Faults.Refused));

        using var json = JsonDocument.Parse(DifferenceJson.Write(difference));

        Assert.Equal(CaptureDifference.CurrentSchema, json.RootElement.GetProperty("schema").GetString());
        Assert.Equal(2, json.RootElement.GetProperty("b").GetProperty("packets").GetInt64());
        Assert.Equal("Error", json.RootElement.GetProperty("onlyInA")[0].GetProperty("finding").GetProperty("severity").GetString());
    }
}
