using System.Text.Json;
using CsCheck;

namespace CaptureFlow.Analysis.Tests;

/// <summary>Whatever the bytes are, the answer is a card.</summary>
public sealed class MutatedFilesTests
{
    private static readonly byte[][] Seeds = [Faults.All().ToPcap(), Faults.All().ToPcap(bigEndian: true), Faults.All().ToPcapng(), Faults.All().ToPcapng(bigEndian: true, resolution: 6)];

    private static readonly ushort[] EtherTypes = [0x0800, 0x86dd, 0x8100, 0x8864, 0x8847, 0x0806];
    private static readonly byte[] Protocols = [4, 6, 17, 41, 47, 0, 43, 44];

    [Fact(Timeout = 300_000)]
    public async Task Analyze_MutatedFile_IsACard()
    {
        var ended = TestContext.Current.CancellationToken;
        var mutations = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 1 << 20], Gen.Byte, Gen.Int[1, 64]).Array[1, 24];

        await Gen.Select(Gen.Int[0, Seeds.Length - 1].Select(i => Seeds[i]), mutations).SampleAsync(async (seed, changes) =>
        {
            List<byte> file = [.. seed];
            foreach (var (kind, at, value, length) in changes)
            {
                Mutate(file, kind, at, value, length);
            }

            await MakeCardAsync([.. file], ended);
        }, iter: 3_000, threads: 2);
    }

    [Fact(Timeout = 300_000)]
    public async Task Analyze_NoiseBehindEachLinkHeader_IsACard()
    {
        var ended = TestContext.Current.CancellationToken;
        var packets = Gen.Select(Gen.Int[0, EtherTypes.Length - 1].Select(i => EtherTypes[i]), Gen.Byte.Array[0, 120]).Array[1, 20];

        await packets.SampleAsync(async all =>
        {
            CaptureMaker capture = new();
            foreach (var (etherType, noise) in all)
            {
                // Else hardly any would get behind the first byte of its network header.
                if (noise.Length > 9)
                {
                    noise[0] = etherType == 0x86dd ? (byte)0x60 : (byte)0x45;
                    noise[etherType == 0x86dd ? 6 : 9] = Protocols[noise[1] % Protocols.Length];
                }

                capture.Add(new ByteMaker(true).Bytes(new byte[12]).UInt16(etherType).Bytes(noise).ToArray());
            }

            var card = await MakeCardAsync(capture.ToPcap(), ended);
            Assert.Equal(all.Length, card.File.Packets);
        }, iter: 5_000, threads: 2);
    }

    private static async Task<TriageCard> MakeCardAsync(byte[] file, CancellationToken ended)
    {
        var card = await Analyze.BytesAsync(file, new() { Conversations = 8, Questions = 4, Rows = 3 }, ended);

        Assert.InRange(card.File.Packets, 0, file.Length / 16);
        Assert.NotEmpty(card.Summary);
        Assert.True(card.File.ReadToItsEnd || card.Findings.Any(finding => finding.Code.StartsWith("file-", StringComparison.Ordinal)), card.File.Problem);
        Assert.NotEmpty(CardMarkdown.Write(card));
        Assert.NotEmpty(JsonSerializer.Serialize(card));
        return card;
    }

    private static void Mutate(List<byte> file, int kind, int at, byte value, int length)
    {
        at %= file.Count + 1;
        length = Math.Min(length, file.Count - at);
        switch (kind)
        {
            case 0 when at < file.Count:
                file[at] = value;
                break;
            case 1 when at < file.Count:
                file[at] ^= (byte)(1 << (value & 7));
                break;
            case 2:
                file.RemoveRange(at, length);
                break;
            case 3:
                file.InsertRange(at, file.GetRange(file.Count - length, length));
                break;
            case 4 when value < 64:
                file.RemoveRange(at, file.Count - at);
                break;
            default:
                break;
        }
    }
}
