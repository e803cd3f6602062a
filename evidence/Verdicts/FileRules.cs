using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>Is the file there, whole, and the one that the container had?</summary>
internal static class FileRules
{
    public static void Check(VerdictFacts facts, List<VerdictFinding> findings)
    {
        if (facts.Walk is not { } walk)
        {
            findings.Add(new(Verdict.Failed, "There is no capture file."));
            return;
        }

        if (walk.Summary is null)
        {
            findings.Add(new(Verdict.Failed, $"The file is not usable: {walk.Problem}"));
        }
        else
        {
            CheckRecords(facts, walk, walk.Summary, findings);
        }

        CheckAccount(facts, walk, findings);
    }

    private static void CheckRecords(VerdictFacts facts, PcapWalk walk, PcapSummary summary, List<VerdictFinding> findings)
    {
        if (walk.Problem is { } problem)
        {
            findings.Add(new(Verdict.Partial, $"The file is corrupt behind packet {summary.Packets}: {problem}"));
        }
        else if (summary.BytesAfterLastRecord > 0)
        {
            findings.Add(VerdictRules.CutBySizeBound(facts)
                ? new(Verdict.LimitReached, $"The size bound of {facts.Plan.ByteBound} bytes cut packet {summary.Packets + 1}: {summary.BytesAfterLastRecord} of its bytes are in the file.")
                : new(Verdict.Partial, $"The file is cut inside packet {summary.Packets + 1}, {summary.BytesAfterLastRecord} bytes behind the last whole one."));
        }

        if (walk.Bytes > facts.Plan.ByteBound)
        {
            findings.Add(new(Verdict.Partial, $"The file has {walk.Bytes} bytes, more than the bound of {facts.Plan.ByteBound}: it is not as planned."));
        }
    }

    private static void CheckAccount(VerdictFacts facts, PcapWalk walk, List<VerdictFinding> findings)
    {
        if (facts.Retrieved is { } retrieved && (retrieved.Bytes != walk.Bytes || retrieved.Sha256 != facts.Sha256))
        {
            findings.Add(new(Verdict.Partial, $"The store gave back other bytes than it was given: {walk.Bytes} against {retrieved.Bytes} transferred."));
        }

        if (facts.Tapped is not { } tapped)
        {
            findings.Add(new(Verdict.Partial, "The tap gave no account of the file: how much is missing is not known."));
        }
        else if (walk.Bytes < tapped.Bytes)
        {
            var share = (100.0 * walk.Bytes / tapped.Bytes).ToString("0.#", CultureInfo.InvariantCulture);
            findings.Add(new(Verdict.Partial, $"Only the first {walk.Bytes} of {tapped.Bytes} bytes could be fetched ({share} %)."));
        }
        else if (walk.Bytes > tapped.Bytes)
        {
            findings.Add(new(Verdict.Partial, $"The file has {walk.Bytes} bytes; the container's had {tapped.Bytes}."));
        }
        else if (facts.Sha256 != tapped.Sha256)
        {
            findings.Add(new(Verdict.Partial, $"The SHA-256 of the {walk.Bytes} bytes is not the container's: {facts.Sha256} here, {tapped.Sha256} there."));
        }
    }
}
