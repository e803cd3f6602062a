using System.Text.Json;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class ListCommandTests
{
    private const string First = """
        {"items":[
          {"id":"cf-0000000000000001","status":"capturing","createdAt":"2026-03-01T10:00:00Z","order":{"target":{"namespace":"shop","pod":"web"},"requestedBy":"al\u001b[2Jice"}}],
         "continuationToken":"next+/="}
        """;

    private const string Second = """
        {"items":[
          {"id":"cf-0000000000000002","status":"completed","verdict":"Lossy","createdAt":"2026-03-01T11:00:00Z","extra":7,
           "order":{"target":{"namespace":"shop","workload":"deployment/api"},"requestedBy":"bob"},
           "evidence":{"location":"x","fileName":"capture.pcap","bytes":345678,"sha256":"ab","packets":9,"verdict":"Lossy","reasons":[]}},
          {"id":"cf-0000000000000001","status":"cancelled","createdAt":"2026-03-01T10:00:00Z"}],
         "continuationToken":null}
        """;

    [Fact]
    public async Task List_TwoPages_OneTableNewestFirstWithItsTextsEscaped()
    {
        using FakeServer server = new() { Pages = new([First, Second]) };

        var (code, output, errors) = await ListAsync(server, new(new() { Namespace = "shop" }), 50);

        Assert.Equal((ExitCodes.Complete, string.Empty), (code, errors));
        Assert.Equal(
            """
            ID                   ORDERED               POD                  STATUS     VERDICT     BYTES  BY
            cf-0000000000000002  2026-03-01 11:00:00Z  shop/deployment/api  completed  Lossy    345.7 kB  bob
            cf-0000000000000001  2026-03-01 10:00:00Z  shop/web             capturing  -               -  al\u001b[2Jice

            """.ReplaceLineEndings("\n"),
            output);
        Assert.Equal(["?namespace=shop&pageSize=50", "?namespace=shop&pageSize=50&continuationToken=next%2B%2F%3D"], server.Queries);
    }

    [Fact]
    public async Task List_Json_ItemsAsTheServerSentThem()
    {
        using FakeServer server = new() { Pages = new([First, Second]) };

        var (_, output, _) = await ListAsync(server, new(CaptureFilter.All), 50, json: true);

        var items = JsonDocument.Parse(output).RootElement.GetProperty("items");
        Assert.Equal(2, items.GetArrayLength());
        Assert.Equal("al\u001b[2Jice", items[0].GetProperty("order").GetProperty("requestedBy").GetString());
        Assert.Equal(7, items[1].GetProperty("extra").GetInt32());
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task List_Limit_EndsThereAndSaysSo()
    {
        using FakeServer server = new() { Pages = new([First]) };

        var (code, output, errors) = await ListAsync(server, new(CaptureFilter.All), 1);

        Assert.Equal(ExitCodes.Complete, code);
        Assert.Contains("cf-0000000000000001", output, StringComparison.Ordinal);
        Assert.Equal("The search ended with 1 capture; there may be more. Raise --limit, or narrow the search.\n", errors);
        Assert.Single(server.Queries);
    }

    [Fact]
    public async Task List_Status_IsPickedOutOfFullPages()
    {
        using FakeServer server = new() { Pages = new([First, Second]) };

        var (_, output, _) = await ListAsync(server, new(CaptureFilter.All) { Statuses = [CaptureState.Completed] }, 1);

        Assert.Contains("cf-0000000000000002", output, StringComparison.Ordinal);
        Assert.DoesNotContain("cf-0000000000000001", output, StringComparison.Ordinal);
        Assert.All(server.Queries, query => Assert.StartsWith("?pageSize=200", query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_ServerAway_SaysSoWithItsOwnCode()
    {
        using FakeServer server = new() { Unreachable = 1 };

        var (code, output, errors) = await ListAsync(server, new(CaptureFilter.All), 50);

        Assert.Equal((ExitCodes.HostUnavailable, string.Empty, "captureflow: Connection refused\n"), (code, output, errors));
    }

    [Theory]
    [InlineData("2h", "2026-03-04T10:00:00Z")]
    [InlineData("2026-03-01", "2026-03-01T00:00:00Z")]
    [InlineData("2026-03-01T12:30:00+01:00", "2026-03-01T11:30:00Z")]
    public void Time_AgoOrPoint_IsThatTime(string text, string expected)
    {
        var now = DateTimeOffset.Parse("2026-03-04T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), ListCommand.Time(text, now));
    }

    private static async Task<(int Code, string Output, string Errors)> ListAsync(FakeServer server, ListFilter filter, int limit, bool json = false)
    {
        using var client = server.Client();
        StringWriter output = new() { NewLine = "\n" };
        StringWriter errors = new() { NewLine = "\n" };
        var code = await ListCommand.ListAsync(client, filter, limit, json, new(output, errors, Live: false), CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }
}
