namespace CaptureFlow.Functions.Reaping;

/// <summary>
/// A timer function that the local host also runs when it starts, since it keeps no record of runs that it missed. On Azure the timer extension keeps one, and
/// makes up for a missed run at once; its own RunOnStartup would there run once more for every instance that is added.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlsoAtStartAttribute : Attribute;
