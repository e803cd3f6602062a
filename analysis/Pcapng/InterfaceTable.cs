using System.Buffers.Binary;
using System.Globalization;
using CaptureFlow.Evidence;

namespace CaptureFlow.Analysis;

/// <summary>
/// The interfaces of one pcap file, numbered as their first packets come. The cooked header of LINUX_SLL2 has the kernel's index and the
/// kind of device, not the name; the other link types say nothing, so all their packets are of one interface.
/// </summary>
internal sealed class InterfaceTable(int linkType)
{
    /// <summary>Hostile files have as many indices as packets; a node with a hundred pods has a few hundred.</summary>
    public const int Most = 4_096;

    private const int IndexAt = 4;
    private const int DeviceAt = 8;
    private const int Sll2Length = 20;
    private const int LoopbackDevice = 772;

    /// <summary>Of packets that are too short to have an index; no interface of Linux has it.</summary>
    private const uint NoIndex = 0;

    private readonly Dictionary<uint, int> _numbers = [];

    /// <summary>How many interfaces there are so far.</summary>
    public int Count { get; private set; }

    /// <summary>The number of the packet's interface.</summary>
    /// <param name="data">The packet.</param>
    /// <param name="added">What to call it and how to describe it, when this is its first packet; else null.</param>
    public int Find(ReadOnlySpan<byte> data, out (string? Name, string Description)? added)
    {
        added = null;
        var index = linkType == LinkTypes.LinuxSll2 && data.Length >= Sll2Length
            ? BinaryPrimitives.ReadUInt32BigEndian(data[IndexAt..])
            : NoIndex;
        if (_numbers.TryGetValue(index, out var number))
        {
            return number;
        }

        if (Count == Most)
        {
            return Most - 1;
        }

        // The last number is for all that are too many, and is found without being remembered.
        number = Count++;
        added = Count == Most ? (null, "further interfaces") : Describe(index, data);
        if (Count < Most)
        {
            _numbers.Add(index, number);
        }

        return number;
    }

    /// <summary>For a file without packets.</summary>
    public (string? Name, string Description) Only() => Describe(NoIndex, []);

    private (string? Name, string Description) Describe(uint index, ReadOnlySpan<byte> data) => linkType switch
    {
        LinkTypes.LinuxSll2 when index == NoIndex => ("any", "all interfaces; the packets do not say which"),
        LinkTypes.LinuxSll2 => (
            BinaryPrimitives.ReadUInt16BigEndian(data[DeviceAt..]) == LoopbackDevice
                ? "lo"
                : string.Create(CultureInfo.InvariantCulture, $"if{index}"),
            string.Create(CultureInfo.InvariantCulture, $"interface index {index}")),
        LinkTypes.LinuxSll => ("any", "all interfaces; the packets do not say which"),
        _ => (null, "the interface of the pcap file"),
    };
}
