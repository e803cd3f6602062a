using CsCheck;

namespace CaptureFlow.Analysis.Tests;

/// <summary>The examples of RFC 7541, appendix C, and what is not in it.</summary>
public sealed class HpackDecoderTests
{
    [Theory]
    [InlineData("C.3: in plain", "828684410f7777772e6578616d706c652e636f6d", "828684be58086e6f2d6361636865", "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565")]
    [InlineData("C.4: Huffman coded", "828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf", "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")]
    public void Requests_OfTheRfc_AreRead(string example, params string[] blocks)
    {
        HpackDecoder decoder = new(new(1 << 20));

        var read = blocks.Select(block => Decode(decoder, block)).ToList();

        Assert.StartsWith("C.", example, StringComparison.Ordinal);
        Assert.Equal(["GET /", "GET /", "GET /index.html"], read.Select(headers => $"{headers.Method} {headers.Path}"));
        Assert.DoesNotContain(read, headers => headers.HasUnknown);
    }

    /// <summary>With a table of 256 bytes, so that entries are evicted.</summary>
    [Fact]
    public void Answers_OfTheRfc_AreRead()
    {
        HpackDecoder decoder = new(new(1 << 20));
        string[] blocks =
        [
            "3fe101488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3",
            "4883640effc1c0bf",
            "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
        ];

        Assert.Equal([302, 307, 200], blocks.Select(block => Decode(decoder, block)).Select(headers => headers.Status ?? 0));
    }

    [Fact]
    public void Reference_ToWhatWasNotSeen_IsUnknown()
    {
        HpackDecoder decoder = new(new(1 << 20));
        Decode(decoder, "828684410f7777772e6578616d706c652e636f6d");
        decoder.Forget();

        var headers = Decode(decoder, "8286be");

        Assert.Equal(("GET", null, true), (headers.Method, headers.Path, headers.HasUnknown));
    }

    [Theory]
    [InlineData("80")]
    [InlineData("ffffffffff7f")]
    [InlineData("4084ffffffff00")]
    [InlineData("400a6375")]
    public void Block_ThatIsBroken_IsSaidToBe(string block) => Assert.False(new HpackDecoder(new(1 << 20)).TryDecode(Convert.FromHexString(block), new()));

    [Fact]
    public void Room_IsGivenBack()
    {
        StreamBudget budget = new(4_000);
        HpackDecoder decoder = new(budget);
        for (var i = 0; i < 500; i++)
        {
            Decode(decoder, $"4005{Convert.ToHexString(":path"u8)}04{Convert.ToHexString("/"u8)}{i % 10 + 30}{i / 10 % 10 + 30}{i / 100 + 30}");
        }

        decoder.Forget();
        Assert.True(budget.TryTake(4_000));
    }

    [Fact(Timeout = 300_000)]
    public async Task Noise_IsReadOrRefused_AndTheRoomIsGivenBack()
    {
        await Task.Run(() => Gen.Byte.Array[0, 300].Array[1, 8].Sample(
            blocks =>
            {
                StreamBudget budget = new(50_000);
                HpackDecoder decoder = new(budget);
                foreach (var block in blocks)
                {
                    decoder.TryDecode(block, new());
                }

                decoder.Forget();
                Assert.True(budget.TryTake(50_000));
            },
            iter: 20_000, threads: 2), TestContext.Current.CancellationToken);
    }

    private static Http2Headers Decode(HpackDecoder decoder, string block)
    {
        Http2Headers headers = new();
        Assert.True(decoder.TryDecode(Convert.FromHexString(block), headers));
        return headers;
    }
}
