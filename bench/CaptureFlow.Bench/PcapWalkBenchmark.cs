using System.Buffers.Binary;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using CaptureFlow.Evidence;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Bench;

/// <summary>
/// Walking a capture file against reading it and taking its SHA-256, which storing does in any case. The file is in the page cache: the
/// work is compared, not the disk.
/// </summary>
[Config(typeof(ThroughputConfig))]
[MemoryDiagnoser]
public class PcapWalkBenchmark
{
    public const long FileBytes = 256L << 20;

    private readonly byte[] _buffer = new byte[1 << 20];
    private string _path = string.Empty;

    /// <summary>Bytes of each packet: headers only, and full frames.</summary>
    [Params(CaptureWindow.HeaderSnapLength, 1_514)]
    public int PacketBytes { get; set; }

    [GlobalSetup]
    public void WriteFile()
    {
        _path = Path.GetTempFileName();
        using var file = File.Create(_path, 1 << 20);
        Span<byte> header = stackalloc byte[CaptureWindow.FileHeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xa1b2c3d4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], CaptureWindow.FullSnapLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], LinkTypes.LinuxSll2);
        file.Write(header);
        var record = new byte[CaptureWindow.RecordHeaderBytes + PacketBytes];
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), PacketBytes);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), PacketBytes);
        while (file.Position < FileBytes)
        {
            file.Write(record);
        }
    }

    [GlobalCleanup]
    public void DeleteFile() => File.Delete(_path);

    [Benchmark(Baseline = true)]
    public async Task<string> ReadAndHash()
    {
        await using var file = Open();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (await file.ReadAsync(_buffer) is > 0 and var read)
        {
            hash.AppendData(_buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    [Benchmark]
    public async Task<long> Walk()
    {
        await using var file = Open();
        var walk = await PcapWalker.WalkAsync(file, CancellationToken.None);
        return walk.Summary!.Packets;
    }

    private FileStream Open() => new(_path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
}
