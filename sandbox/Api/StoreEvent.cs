namespace CaptureFlow.Sandbox.Api;

/// <summary>One change, as a watch reports it.</summary>
/// <remarks>
/// <c>Type</c>: ADDED, MODIFIED or DELETED.
/// <c>Previous</c>: The version before the change, by which a selector decides whether the object leaves its view.
/// </remarks>
internal sealed record StoreEvent(string Type, StoredObject Object, StoredObject? Previous);
