namespace CaptureFlow.Local.Durable.Storage;

/// <summary>
/// What a transaction made possible: gathered while it runs, announced inside the process once it is kept, so that nobody has to poll
/// for it.
/// </summary>
internal sealed class Effects(DateTime now)
{
    /// <summary>The one instant that the whole transaction is dated with.</summary>
    public DateTime Now { get; } = now;

    /// <summary>Instances that have a message to work on now.</summary>
    public HashSet<string> Ready { get; } = [];

    /// <summary>Instances whose status may have changed.</summary>
    public HashSet<string> Changed { get; } = [];

    /// <summary>Whether activities were queued.</summary>
    public bool ActivitiesQueued { get; set; }

    /// <summary>When the earliest message that was added falls due, if later than now.</summary>
    public DateTime? NextDue { get; private set; }

    /// <summary>Whether anything was told to an instance or became of one; a lease tells nothing.</summary>
    public bool TellsOfInstances => Ready.Count > 0 || Changed.Count > 0 || ActivitiesQueued || NextDue is not null;

    public void MessageAdded(string instanceId, DateTime due)
    {
        if (due <= Now)
        {
            Ready.Add(instanceId);
        }
        else if (NextDue is not { } next || due < next)
        {
            NextDue = due;
        }
    }
}
