namespace CaptureFlow.Evidence;

/// <summary>What logs are held against that whoever wrote them anew does not have: trusted keys, and the days' heads where they are at hand.</summary>
/// <param name="Keys">Trusted because of where they were got from, never because they lie beside the evidence.</param>
/// <param name="Heads">Each as it was read, the earliest first; empty where there are none.</param>
public sealed record CustodyAnchors(CustodyPublicKeys Keys, IReadOnlyList<CustodyHeadFile> Heads);

/// <summary>A day's head as it was found.</summary>
/// <param name="Day">As its name says.</param>
/// <param name="Bytes">All of it.</param>
public sealed record CustodyHeadFile(DateOnly Day, ReadOnlyMemory<byte> Bytes)
{
    /// <returns>The head; or why it is not to be believed.</returns>
    public (CustodyDay? Head, string? Problem) Check(CustodyPublicKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var (head, signature, problem) = CustodyDay.Read(Bytes.Span);
        problem ??= keys.WhyNot(signature!) ?? (head!.Day == Day ? null : $"it is the head of {head.Day:yyyy-MM-dd}");
        return problem is null ? (head, null) : (null, problem);
    }
}
