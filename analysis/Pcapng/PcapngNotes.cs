namespace CaptureFlow.Analysis;

/// <summary>What a pcapng file says beside its packets. Nothing here changes a packet, its number or its time.</summary>
public sealed record PcapngNotes
{
    /// <summary>In the section header: the facts of the capture, a line each.</summary>
    public IReadOnlyList<string> Facts { get; init; } = [];

    /// <summary>In every interface block; null for none.</summary>
    public string? Filter { get; init; }

    /// <summary>In the name resolution block. Of more than <see cref="MostNames"/>, the first.</summary>
    public IReadOnlyList<NamedAddress> Names { get; init; } = [];

    /// <summary>By packet number, as Wireshark counts.</summary>
    public IReadOnlyDictionary<long, IReadOnlyList<string>> Comments { get; init; } = new Dictionary<long, IReadOnlyList<string>>();

    /// <summary>Pods and Services of a large cluster; about 700 kB.</summary>
    public const int MostNames = 20_000;

    /// <summary>The same with comments; for null, which is nobody looked, with the fact that there are none.</summary>
    public PcapngNotes WithComments(IReadOnlyDictionary<long, IReadOnlyList<string>>? comments) => comments is null
        ? this with { Facts = [.. Facts, "comments on packets: none, since there is no triage card"] }
        : this with { Comments = comments };
}
