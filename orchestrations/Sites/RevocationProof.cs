namespace CaptureFlow.Orchestrations;

/// <summary>What was asked after revoking, and what was answered.</summary>
/// <param name="Proven">True when every answer is the expected one.</param>
/// <param name="Answers">In the order asked.</param>
public sealed record RevocationProof(bool Proven, IReadOnlyList<RevocationAnswer> Answers)
{
    public static RevocationProof Of(IReadOnlyList<RevocationAnswer> answers) => new(answers.Count > 0 && answers.All(a => a.Holds), answers);
}

/// <summary>One question to the server after revoking.</summary>
/// <param name="Question">E.g. <c>rolebinding shop/cf-…</c>.</param>
/// <param name="Expected">E.g. <c>404 NotFound</c>.</param>
/// <param name="Answer">The server's own words, shortened.</param>
/// <param name="Holds">Whether the answer is the expected one.</param>
/// <param name="AskedAt">UTC.</param>
public sealed record RevocationAnswer(string Question, string Expected, string Answer, bool Holds, DateTimeOffset AskedAt);
