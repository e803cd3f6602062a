namespace Microsoft.Azure.Functions.Worker;

/// <summary>What middleware attached to an invocation.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    void Set<T>(T instance);

    T? Get<T>();
}
