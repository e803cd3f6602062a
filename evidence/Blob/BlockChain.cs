using Azure.Storage.Blobs.Models;

namespace CaptureFlow.Evidence;

/// <summary>The blocks that follow each other from byte 0 without a gap: the staged bytes. What lies behind a gap is not counted.</summary>
internal sealed record BlockChain(IReadOnlyList<BlockId> Blocks, bool HasUncommitted)
{
    public static BlockChain Empty { get; } = new([], false);

    public long Length => Blocks.Count == 0 ? 0 : Blocks[^1].Offset + Blocks[^1].Length;

    public IEnumerable<string> Ids => Blocks.Select(block => block.Text);

    public static BlockChain Of(BlockList list)
    {
        Dictionary<long, (BlockId Id, bool Committed)> byOffset = [];
        Take(list.CommittedBlocks, committed: true, byOffset);
        Take(list.UncommittedBlocks, committed: false, byOffset);
        List<BlockId> chain = [];
        var uncommitted = false;
        for (long at = 0; byOffset.Remove(at, out var next); at += next.Id.Length)
        {
            chain.Add(next.Id);
            uncommitted |= !next.Committed;
        }

        return new(chain, uncommitted);
    }

    private static void Take(IEnumerable<BlobBlock> blocks, bool committed, Dictionary<long, (BlockId Id, bool Committed)> byOffset)
    {
        foreach (var block in blocks)
        {
            // The service's own size counts: a block that is not as long as its id says ends the chain.
            if (BlockId.TryParse(block.Name) is { Length: > 0 } id && id.Length == block.SizeLong
                && (!byOffset.TryGetValue(id.Offset, out var other) || (!other.Committed && other.Id.Length < id.Length)))
            {
                byOffset[id.Offset] = (id, committed);
            }
        }
    }
}
