namespace CaptureFlow.Local.CommandLine;

/// <summary>Brings the files of several pods' captures here, and adds up what they came to.</summary>
internal static class FleetDelivery
{
    public static async Task<CaptureResult> DeliverAsync(
        ICaptureApi api, CaptureResult result, CaptureStatus fleet, IReadOnlyList<MemberStatus> members, EvidencePaths paths, CancellationToken cancellationToken)
    {
        List<CaptureResult> results = [];
        foreach (var member in members)
        {
            results.Add(await DeliverAsync(api, member, paths.OfMember(member.Pod, member.Id), cancellationToken));
        }

        return result with { Members = results, LeftOut = fleet.LeftOut, Window = fleet.Window, ExitCode = Combine(result.ExitCode, results) };
    }

    private static async Task<CaptureResult> DeliverAsync(ICaptureApi api, MemberStatus member, string path, CancellationToken cancellationToken)
    {
        var (status, problem) = await api.GetAsync(member.Id, CancellationToken.None);
        var known = status ?? new CaptureStatus { Id = member.Id, Status = member.Status, Verdict = member.Verdict, Faults = member.Faults };
        var result = CaptureResult.Of(new(member.Id, known, problem, Abandoned: false)) with { Pod = member.Pod };
        return await EvidenceDelivery.DeliverAsync(api, result, status?.Evidence, path, cancellationToken);
    }

    // Of several whole files, the one that says least decides; a pod that was idle does not make the others' files less.
    private static readonly int[] Whole = [ExitCodes.Lossy, ExitCodes.LimitReached, ExitCodes.Complete];

    /// <summary>
    /// What is common to all; else that rights may be left, or what the files of all pods together are worth: only a part of what was asked when one has
    /// none, or not a whole one.
    /// </summary>
    internal static int Combine(int ofFleet, IReadOnlyList<CaptureResult> members)
    {
        var codes = members.Select(member => member.ExitCode).Distinct().ToList();
        return codes switch
        {
            [] => ofFleet,
            [var one] => one,
            _ when codes.Contains(ExitCodes.RevokeUnproven) => ExitCodes.RevokeUnproven,
            _ when codes.Contains(ExitCodes.Undelivered) => ExitCodes.Undelivered,
            _ when codes.TrueForAll(code => code == ExitCodes.Empty || Whole.Contains(code)) => Whole.First(codes.Contains),
            _ when members.Any(member => member.Path is not null) => ExitCodes.Partial,
            _ => ExitCodes.Failed,
        };
    }
}
