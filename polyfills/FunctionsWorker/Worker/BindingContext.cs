namespace Microsoft.Azure.Functions.Worker;

/// <summary>The data that the trigger brought.</summary>
public abstract class BindingContext
{
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
