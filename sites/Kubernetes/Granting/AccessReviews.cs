using k8s;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Asks the API server who may do what.</summary>
internal sealed class AccessReviews(ClusterCalls calls)
{
    /// <summary>Those of <paramref name="rights"/> that the client's own identity lacks.</summary>
    /// <exception cref="ClusterRefusalException">The identity is not accepted at all.</exception>
    public async Task<IReadOnlyList<Right>> MissingAsync(
        IKubernetes client, string @namespace, IReadOnlyList<Right> rights, CancellationToken cancellationToken)
    {
        var allowed = await Task.WhenAll(rights.Select(right => SelfMayAsync(client, @namespace, right, cancellationToken)));
        return [.. rights.Where((_, i) => !allowed[i])];
    }

    /// <summary>Whether an account, which lives in <paramref name="accounts"/>, may do something in a namespace, and the server's own words.</summary>
    public async Task<(bool Allowed, string Words)> AccountMayAsync(
        IKubernetes own, string @namespace, string accounts, string account, Right right, CancellationToken cancellationToken)
    {
        var review = new V1SubjectAccessReview
        {
            Spec = new()
            {
                User = $"system:serviceaccount:{accounts}:{account}",
                Groups = ["system:serviceaccounts", $"system:serviceaccounts:{accounts}", "system:authenticated"],
                ResourceAttributes = right.In(@namespace),
            },
        };
        var answer = await calls.AskAsync(
            "create subjectaccessreviews",
            token => own.AuthorizationV1.CreateSubjectAccessReviewAsync(review, cancellationToken: token),
            cancellationToken);
        // An authorizer that could not answer has not denied.
        var words = answer.Status.Allowed ? "allowed" : answer.Status.EvaluationError is { Length: > 0 } error ? $"not evaluated: {error}" : "denied";
        return (answer.Status.Allowed || words != "denied", answer.Status.Reason is { Length: > 0 } reason ? $"{words}: {reason}" : words);
    }

    private async Task<bool> SelfMayAsync(IKubernetes client, string @namespace, Right right, CancellationToken cancellationToken)
    {
        var review = new V1SelfSubjectAccessReview { Spec = new() { ResourceAttributes = right.In(@namespace) } };
        var answer = await calls.AskAsync(
            "create selfsubjectaccessreviews",
            token => client.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(review, cancellationToken: token),
            cancellationToken);
        return answer.Status.Allowed;
    }
}
