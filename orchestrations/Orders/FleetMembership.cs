namespace CaptureFlow.Orchestrations;

/// <summary>What ties a capture to the others of its fleet.</summary>
/// <param name="FleetId">The fleet's id: the instance that hears when this capture listens, and says when the shared window ends.</param>
/// <param name="StartAllowance">How much longer than the window the tap may listen while the others are still starting.</param>
public sealed record FleetMembership(string FleetId, TimeSpan StartAllowance);
