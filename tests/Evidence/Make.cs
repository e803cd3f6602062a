using System.Security.Cryptography;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence.Tests;

/// <summary>Valid records for tests, to be changed with <c>with</c>.</summary>
internal static class Make
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Of a sweep that tells nobody.</summary>
    public static readonly Func<string, CancellationToken, Task> NoOne = (_, _) => Task.CompletedTask;

    public static CaptureOrder Order(string? id = null, CaptureWindow? window = null) => new(
        id ?? CaptureIds.New(), new("shop", "web"), window ?? Window(), "tcp port 80 and host 'web'", "ada@example.com", "checkout > 2 s", Noon);

    public static CaptureWindow Window() => new(TimeSpan.FromSeconds(10), 256, 100L << 20);

    public static CapturePlan Plan(string? id = null, CaptureWindow? window = null)
    {
        var order = Order(id, window);
        return new(
            order, "pod", "uid-1", "node-1", "example/tools:1", ["-i", "any", "--", "tcp port 80"], order.Window.PacketBound, order.Window.ByteBound,
            TimeSpan.FromMinutes(5), "the pod's own network namespace", [], Noon);
    }

    public static Grant Grant(CapturePlan plan) =>
        new("shop", plan.Order.CaptureId, "uid-2", "uid-3", "captureflow-capture", Noon, Noon.AddMinutes(5));

    public static Tap Tap(CapturePlan plan) => new(plan.Order.CaptureId, "example/tools@sha256:1", Noon.AddSeconds(1), true);

    public static TapSummary Tapped(ReadOnlySpan<byte> file, long packets = 0) =>
        new(file.Length, Sha256(file), packets, packets, 0, null, TapEnd.Window, 10.01, 0);

    /// <summary>The tap's account of a file that repeats one record, too large to be held.</summary>
    public static TapSummary Tapped(byte[] header, byte[] record, int packets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        for (var i = 0; i < packets; i++)
        {
            hash.AppendData(record);
        }

        return new(
            header.Length + ((long)record.Length * packets), Convert.ToHexStringLower(hash.GetCurrentHash()), packets, packets, 0, null, TapEnd.Window, 10, 0);
    }

    /// <summary>All that a stream has, which is disposed; null for none.</summary>
    public static async Task<byte[]?> ReadAsync(Stream? stream)
    {
        if (stream is null)
        {
            return null;
        }

        await using (stream)
        {
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            return bytes.ToArray();
        }
    }

    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static EvidenceRecorder Recorder(ICaptureStore store, ICustodyLog log) => new(store, log, TimeProvider.System, NullLogger<EvidenceRecorder>.Instance);

    /// <param name="key">PEM; null for a host that signs nothing.</param>
    public static CustodySigning Signing(string? key = null) => new(Options.Create(new CustodyOptions { SigningKey = key }), TimeProvider.System);

    public static CustodyPublicKeys Keys(params CustodyKey[] keys)
    {
        var (read, problem) = CustodyPublicKeys.Read(string.Join('\n', keys.Select(key => key.PublicPem)));
        return read ?? throw new InvalidOperationException(problem);
    }

    public static StoreRequest StoreRequest(CapturePlan plan, byte[] file, long packets) => new(
        plan, Grant(plan), Tap(plan), Tapped(file, packets), new(file.Length, Sha256(file), true, 0), [], [new(CaptureSteps.PlanCapture, Noon, Noon.AddSeconds(1))]);

    public static byte[] Noise(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
