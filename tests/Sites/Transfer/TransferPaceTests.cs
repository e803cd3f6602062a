using System.Security.Cryptography;
using CaptureFlow.Sites.Kubernetes;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Sites.Tests.Transfer;

/// <summary>When compressing the rest of a file pays.</summary>
public sealed class TransferPaceTests
{
    private const int Piece = 32 * 1024;

    [Theory]
    [InlineData(5e6, 4.0, true)] // A slow line, text: four times as fast.
    [InlineData(5e6, 1.02, false)] // A slow line, but encrypted bytes.
    [InlineData(100e6, 10.0, false)] // A line faster than any compressor.
    [InlineData(30e6, 10.0, false)] // The compressor would do little more.
    public void Pays_LineAndBytes_OnlyWhereTheLineIsTheSlowOne(double lineRate, double ratio, bool pays) =>
        Assert.Equal(pays, TransferPace.Pays(lineRate, ratio));

    [Theory]
    [InlineData(1_000_000, true, true)]
    [InlineData(1_000_000, false, false)]
    [InlineData(200_000_000, true, false)]
    public void Take_WholeStart_DecidesOnce(double rate, bool compressible, bool expected)
    {
        var time = new FakeTimeProvider();
        var pace = new TransferPace(time);
        var bytes = compressible ? new byte[Piece] : RandomNumberGenerator.GetBytes(Piece);
        var said = 0;

        for (var i = 0; i < 1_000; i++)
        {
            said += pace.Take(compressible ? bytes : RandomNumberGenerator.GetBytes(Piece)) ? 1 : 0;
            time.Advance(TimeSpan.FromSeconds(Piece / rate));
        }

        Assert.Equal(expected ? 1 : 0, said);
    }
}
