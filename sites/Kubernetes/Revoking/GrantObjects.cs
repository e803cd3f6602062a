using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Finds and deletes the two objects of a grant. A deletion names the uid: an object made anew under the same name is another.</summary>
internal sealed class GrantObjects(ClusterConnection connection, ClusterCalls calls)
{
    public Task<V1ServiceAccount?> FindAccountAsync(string @namespace, string name, CancellationToken cancellationToken) => calls.TryFindAsync(
        "get serviceaccounts",
        token => connection.Own.CoreV1.ReadNamespacedServiceAccountAsync(name, @namespace, cancellationToken: token),
        cancellationToken);

    public Task<V1RoleBinding?> FindBindingAsync(string @namespace, string name, CancellationToken cancellationToken) => calls.TryFindAsync(
        "get rolebindings",
        token => connection.Own.RbacAuthorizationV1.ReadNamespacedRoleBindingAsync(name, @namespace, cancellationToken: token),
        cancellationToken);

    public Task EnsureNoAccountAsync(V1ObjectMeta account, CancellationToken cancellationToken) => EnsureGoneAsync(
        "delete serviceaccounts",
        token => connection.Own.CoreV1.DeleteNamespacedServiceAccountAsync(account.Name, account.NamespaceProperty, Exactly(account), cancellationToken: token),
        cancellationToken);

    public Task EnsureNoBindingAsync(V1ObjectMeta binding, CancellationToken cancellationToken) => EnsureGoneAsync(
        "delete rolebindings",
        token => connection.Own.RbacAuthorizationV1.DeleteNamespacedRoleBindingAsync(binding.Name, binding.NamespaceProperty, Exactly(binding), cancellationToken: token),
        cancellationToken);

    /// <summary>Takes back whatever there is of an order's grant, whose account lives in <paramref name="accounts"/>.</summary>
    public async Task EnsureNoneAsync(CaptureOrder order, string accounts, CancellationToken cancellationToken)
    {
        var attempts = new Attempts();
        await attempts.TryAsync(async () =>
        {
            if (await FindAccountAsync(accounts, order.CaptureId, cancellationToken) is { } account)
            {
                await EnsureNoAccountAsync(account.Metadata, cancellationToken);
            }
        });
        await attempts.TryAsync(async () =>
        {
            if (await FindBindingAsync(order.Target.Namespace, order.CaptureId, cancellationToken) is { } binding)
            {
                await EnsureNoBindingAsync(binding.Metadata, cancellationToken);
            }
        });
        attempts.ThrowFirst();
    }

    // 404: gone already. 409: the uid is another's, so this one is gone.
    private async Task EnsureGoneAsync<T>(string what, Func<CancellationToken, Task<T>> delete, CancellationToken cancellationToken)
    {
        try
        {
            await calls.AskAsync(what, delete, cancellationToken);
        }
        catch (ClusterRefusalException refusal) when (refusal.Status is 404 or 409)
        {
        }
    }

    private static V1DeleteOptions Exactly(V1ObjectMeta meta) => new() { Preconditions = new() { Uid = meta.Uid } };
}
