namespace CaptureFlow.Orchestrations;

/// <summary>Who did something to a capture, as the trigger established it.</summary>
/// <param name="Id">Stable: the same person or program has it tomorrow, too. What happened is told apart by it.</param>
/// <param name="Name">As people write it; may change hands, and two people may have the same.</param>
public sealed record Actor(string Id, string Name)
{
    /// <summary>One that has no other id than its name: a part of CaptureFlow.</summary>
    public static Actor Named(string name) => new(name, name);
}
