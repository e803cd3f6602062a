namespace CaptureFlow.Analysis.Tests;

/// <summary>Conversions in memory.</summary>
internal static class Export
{
    public static async Task<(byte[] Pcapng, PcapngTally Tally)> WriteAsync(byte[] pcap, PcapngNotes? notes = null)
    {
        using MemoryStream file = new(pcap), output = new();
        var (export, refusal) = await PcapngExport.OpenAsync(file, default);
        Assert.Null(refusal);
        using (export)
        {
            var tally = await export!.WriteAsync(output, notes ?? new(), default);
            return (output.ToArray(), tally);
        }
    }

    public static async Task<byte[]> BackAsync(byte[] pcapng)
    {
        using MemoryStream file = new(pcapng), output = new();
        Assert.Null(await PcapngOrigin.WriteAsync(file, output, default));
        return output.ToArray();
    }
}
