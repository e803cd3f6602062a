namespace CaptureFlow.Orchestrations;

/// <summary>Where the evidence is and what it is worth.</summary>
/// <param name="Location">Address of the stored file, in the store's own terms (a path, a blob URI without a signature).</param>
/// <param name="FileName">Name of the file in <c>/api/captures/{id}/files/{name}</c>; null when there is no file.</param>
/// <param name="Bytes">Size of the stored file.</param>
/// <param name="Sha256">Of the stored file as read back, lower-case hex; empty when there is no file.</param>
/// <param name="Packets">Whole packets found by walking the file.</param>
/// <param name="Verdict">How complete it is.</param>
/// <param name="Reasons">Why the verdict is what it is, most telling first.</param>
/// <param name="OwnPackets">How many of the packets are CaptureFlow's own canaries, or the kernel's answers to them.</param>
public sealed record StoredEvidence(
    string Location, string? FileName, long Bytes, string Sha256, long Packets, Verdict Verdict, IReadOnlyList<string> Reasons, long OwnPackets = 0)
{
    /// <summary>The packets that the order was about.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long OthersPackets => Packets - OwnPackets;
}

/// <summary>
/// What has been pulled from the container into the store's staging area. Not complete and no fault beside it: the step's time was up
/// while bytes still came, call it again. Not complete with faults: no more can be had.
/// </summary>
/// <param name="Bytes">Bytes staged, from the start of the file without a gap.</param>
/// <param name="Sha256">Of the staged bytes, lower-case hex.</param>
/// <param name="Complete">Size and hash equal the tap's own account.</param>
/// <param name="Resumptions">How often the transfer was taken up again after a break.</param>
public sealed record RetrievedFile(long Bytes, string Sha256, bool Complete, int Resumptions);
