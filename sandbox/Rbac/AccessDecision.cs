namespace CaptureFlow.Sandbox.Rbac;

/// <summary>The answer. A denial has a reason only when a binding names a role that does not exist.</summary>
internal sealed record AccessDecision(bool Allowed, string Reason);
