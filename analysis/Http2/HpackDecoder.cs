using System.Text;

namespace CaptureFlow.Analysis;

/// <summary>
/// Reads blocks of headers (RFC 7541). Of its table only the values that are of interest are kept; after a gap the table is begun anew, and references to
/// what was before are said to be unknown.
/// </summary>
internal sealed class HpackDecoder(StreamBudget budget)
{
    private const int FirstDynamic = 62;
    private const int EntryOverhead = 32;
    private const int UsualTable = 4_096;
    private const int LargestTable = 65_536;
    private const int LongestValue = 1_024;
    private const int Path = 4;
    private const int ContentType = 31;

    private static readonly (int Index, HpackName Name, string Value)[] Static =
    [
        (2, HpackName.Method, "GET"), (3, HpackName.Method, "POST"), (4, HpackName.Path, "/"), (5, HpackName.Path, "/index.html"),
        (8, HpackName.Status, "200"), (9, HpackName.Status, "204"), (10, HpackName.Status, "206"), (11, HpackName.Status, "304"),
        (12, HpackName.Status, "400"), (13, HpackName.Status, "404"), (14, HpackName.Status, "500"),
    ];

    /// <summary>Of the static table, by index: they count in the size of an entry that takes its name from there.</summary>
    private static ReadOnlySpan<byte> NameLengths =>
    [
        0, 10, 7, 7, 5, 5, 7, 7, 7, 7, 7, 7, 7, 7, 7, 14, 15, 15, 13, 6, 27, 3, 5, 13, 13, 19, 16, 16, 14, 16, 13,
        12, 6, 4, 4, 6, 7, 4, 4, 8, 17, 13, 8, 19, 13, 4, 8, 12, 18, 19, 5, 7, 7, 11, 6, 10, 25, 17, 10, 4, 3, 16,
    ];

    private readonly List<Entry> _table = [];
    private int _size;
    private int _most = UsualTable;

    /// <summary>Forgets the table: something of it was not seen. Also when nobody reads on, to give back the room.</summary>
    public void Forget()
    {
        while (_table.Count > 0)
        {
            Evict();
        }
    }

    /// <returns>False when the block is broken or cut: what comes first in it was read all the same.</returns>
    public bool TryDecode(ReadOnlySpan<byte> block, Http2Headers headers)
    {
        while (block.Length > 0)
        {
            var first = block[0];
            if ((first & 0x80) != 0)
            {
                if (!HpackPrimitives.TryInteger(ref block, 7, out var index) || index == 0)
                {
                    return false;
                }

                var (name, value) = Find(index);
                headers.Add(name, value);
            }
            else if ((first & 0xe0) == 0x20)
            {
                if (!HpackPrimitives.TryInteger(ref block, 5, out var most))
                {
                    return false;
                }

                Resize(Math.Min(most, LargestTable));
            }
            else if (!TryLiteral(ref block, (first & 0x40) != 0, headers))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryLiteral(ref ReadOnlySpan<byte> block, bool indexed, Http2Headers headers)
    {
        Span<byte> text = stackalloc byte[LongestValue];
        if (!HpackPrimitives.TryInteger(ref block, indexed ? 6 : 4, out var index))
        {
            return false;
        }

        HpackName name;
        int nameLength;
        if (index == 0)
        {
            if (!HpackPrimitives.TryString(ref block, text, out nameLength))
            {
                return false;
            }

            name = NameOf(text[..Math.Min(nameLength, LongestValue)]);
        }
        else
        {
            (name, nameLength) = FindName(index);
        }

        if (!HpackPrimitives.TryString(ref block, text, out var length))
        {
            return false;
        }

        // A value that is too long to be kept is none.
        var value = name > HpackName.Unknown && length <= LongestValue ? Encoding.Latin1.GetString(text[..length]) : null;
        headers.Add(name, value);
        if (indexed)
        {
            Add(new(name, value, nameLength, nameLength + length + EntryOverhead));
        }

        return true;
    }

    private (HpackName Name, string? Value) Find(int index)
    {
        if (index >= FirstDynamic)
        {
            return TryFind(index, out var entry) ? (entry.Name, entry.Value) : (HpackName.Unknown, null);
        }

        foreach (var one in Static)
        {
            if (one.Index == index)
            {
                return (one.Name, one.Value);
            }
        }

        return (HpackName.Other, null);
    }

    private (HpackName Name, int Length) FindName(int index)
    {
        if (index >= FirstDynamic)
        {
            return TryFind(index, out var entry) ? (entry.Name, entry.NameLength) : (HpackName.Unknown, 0);
        }

        return index switch
        {
            2 or 3 => (HpackName.Method, 7),
            Path or 5 => (HpackName.Path, 5),
            >= 8 and <= 14 => (HpackName.Status, 7),
            ContentType => (HpackName.ContentType, 12),
            _ => (HpackName.Other, NameLengths[index]),
        };
    }

    private bool TryFind(int index, out Entry entry)
    {
        var at = _table.Count - 1 - (index - FirstDynamic);
        entry = at >= 0 && index >= FirstDynamic ? _table[at] : default;
        return at >= 0;
    }

    private void Add(Entry entry)
    {
        while (_table.Count > 0 && _size + entry.Size > _most)
        {
            Evict();
        }

        if (entry.Size > _most)
        {
            return;
        }

        if (!budget.TryTake(entry.Cost))
        {
            Forget();
            return;
        }

        _table.Add(entry);
        _size += entry.Size;
    }

    private void Resize(int most)
    {
        _most = most;
        while (_table.Count > 0 && _size > _most)
        {
            Evict();
        }
    }

    private void Evict()
    {
        var oldest = _table[0];
        _table.RemoveAt(0);
        _size -= oldest.Size;
        budget.Return(oldest.Cost);
    }

    private static HpackName NameOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual(":path"u8) ? HpackName.Path
        : name.SequenceEqual(":method"u8) ? HpackName.Method
        : name.SequenceEqual(":status"u8) ? HpackName.Status
        : name.SequenceEqual("content-type"u8) ? HpackName.ContentType
        : name.SequenceEqual("grpc-status"u8) ? HpackName.GrpcStatus
        : HpackName.Other;

    private readonly record struct Entry(HpackName Name, string? Value, int NameLength, int Size)
    {
        public int Cost => 48 + ((Value?.Length ?? 0) * 2);
    }
}
