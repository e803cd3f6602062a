using System.Buffers.Binary;

namespace CaptureFlow.Analysis;

/// <summary>Errors that ICMP reports, and who claims which address by ARP and neighbor discovery.</summary>
internal sealed class NetworkAnalysis(FindingBook book)
{
    /// <summary>Addresses whose owner is remembered; of more no conflict is seen.</summary>
    private const int MostAddresses = 4_096;

    private const int MacLength = 6;
    private const int NeighborSolicitation = 135;
    private const int NeighborAdvertisement = 136;

    private readonly Dictionary<(Address Address, int Interface), (ulong Now, ulong Before)> _owners = [];

    private long _notFollowed;

    public void LookAtIcmp(Packet p)
    {
        if (p.Fragment)
        {
            return;
        }

        if (IcmpMessage.TryRead(p, out var message))
        {
            Note(message, p);
        }
        else if (p.Kind == PacketKind.Icmp6)
        {
            LookAtNeighbor(p);
        }
    }

    public void LookAtArp(Packet p)
    {
        var data = p.Payload.Span;
        if (data.Length >= 28 && BinaryPrimitives.ReadUInt16BigEndian(data[2..]) == 0x0800 && data[4] == MacLength && data[5] == 4)
        {
            Claim(Address.V4(data[14..]), Mac(data[8..]), p);
        }
    }

    /// <summary>In sentences.</summary>
    public IEnumerable<string> CannotSay()
    {
        if (_notFollowed > 0)
        {
            yield return $"Whether two stations claim one address, of {Words.Count(_notFollowed, "claim")}: only the first {MostAddresses:N0} addresses are followed.";
        }
    }

    private void Note(in IcmpMessage message, Packet p)
    {
        var by = $"said by {p.Source}";
        switch (message.Kind)
        {
            case IcmpKind.Unreachable:
                book.NoteVariant(NetworkFindings.Unreachable, message.Original, $"{message.Reason}, {by}", Moment.Of(p));
                break;
            case IcmpKind.TooBig:
                var mtu = message.Mtu == 0 ? "which does not say what would fit" : $"which takes at most {message.Mtu} bytes";
                book.NoteVariant(NetworkFindings.TooBig, message.Original, $"{mtu}, {by}", Moment.Of(p));
                break;
            case IcmpKind.TimeExceeded:
                book.NoteVariant(NetworkFindings.TimeExceeded, message.Original, $"{message.Reason}, {by}", Moment.Of(p));
                break;
        }
    }

    private void LookAtNeighbor(Packet p)
    {
        const int targetAt = 8, optionsAt = 24, sourceOption = 1, targetOption = 2;
        var data = p.Payload.Span;
        if (data.Length < optionsAt || data[0] is not (NeighborSolicitation or NeighborAdvertisement))
        {
            return;
        }

        var advertises = data[0] == NeighborAdvertisement;
        var address = advertises ? Address.V6(data[targetAt..]) : p.Source;
        var options = data[optionsAt..];
        while (options.Length >= 8 && options[1] > 0 && options[1] * 8 <= options.Length)
        {
            if (options[0] == (advertises ? targetOption : sourceOption))
            {
                Claim(address, Mac(options[2..]), p);
                return;
            }

            options = options[(options[1] * 8)..];
        }
    }

    private void Claim(Address address, ulong mac, Packet p)
    {
        // Whoever has no address yet asks with none.
        if (address.IsUnspecified || mac == 0)
        {
            return;
        }

        var key = (address, p.Interface);
        if (!_owners.TryGetValue(key, out var owner))
        {
            if (_owners.Count < MostAddresses)
            {
                _owners[key] = (mac, 0);
            }
            else
            {
                _notFollowed++;
            }

            return;
        }

        if (owner.Now == mac)
        {
            return;
        }

        _owners[key] = (mac, owner.Now);
        book.Note(
            owner.Before == mac ? NetworkFindings.AddressConflict : NetworkFindings.AddressMoved,
            address.ToString(), Moment.Of(p), $"{Text(owner.Now)} and {Text(mac)}");
    }

    private static ulong Mac(ReadOnlySpan<byte> bytes) =>
        ((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);

    private static string Text(ulong mac) =>
        string.Join(':', Enumerable.Range(0, MacLength).Select(i => $"{(byte)(mac >> (8 * (MacLength - 1 - i))):x2}"));
}
