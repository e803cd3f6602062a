using System.Buffers.Binary;
using System.Security.Cryptography;
using CaptureFlow.Evidence;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>What every stored capture must hold, whatever its verdict.</summary>
internal static class StoredCapture
{
    /// <summary>The file is the manifest's, byte for byte, its records are valid, and the rights are proven gone.</summary>
    public static async Task<(CaptureManifest Manifest, byte[] File)> VerifiedAsync(CaptureApi api, string id)
    {
        var manifest = await api.ManifestAsync(id);
        var file = await api.FileAsync(id);
        Assert.Equal(manifest.Evidence.Bytes, file.Length);
        Assert.Equal(manifest.Evidence.Sha256, Convert.ToHexStringLower(SHA256.HashData(file)));
        Assert.Equal(manifest.Evidence.Packets, CountRecords(file));
        Assert.True(manifest.Revocation is { Proven: true }, $"{manifest.Revocation}");
        var report = await EvidenceVerification.CheckAsync(await api.ManifestBytesAsync(id), await api.LogAsync(id), new MemoryStream(file), null, default);
        Assert.True(report.Holds, string.Join('\n', report.Checks));
        return (manifest, file);
    }

    /// <summary>Whole records of a little-endian classic pcap, counted by their own headers; one that is cut ends the count.</summary>
    private static long CountRecords(ReadOnlySpan<byte> file)
    {
        long records = 0;
        var rest = file[CaptureWindow.FileHeaderBytes..];
        while (rest.Length >= CaptureWindow.RecordHeaderBytes
            && BinaryPrimitives.ReadInt32LittleEndian(rest[8..]) + CaptureWindow.RecordHeaderBytes is var length
            && length <= rest.Length)
        {
            Assert.InRange(length, CaptureWindow.RecordHeaderBytes, CaptureWindow.RecordHeaderBytes + CaptureWindow.FullSnapLength);
            rest = rest[length..];
            records++;
        }

        return records;
    }
}
