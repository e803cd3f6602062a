namespace CaptureFlow.Functions.Access;

/// <summary>What a caller may do.</summary>
[Flags]
public enum CallerRoles
{
    None = 0,

    /// <summary>Order captures, stop and cancel them, and have their files.</summary>
    Requester = 1,

    /// <summary>Approve and deny what others order. Sees captures, and not their files.</summary>
    Approver = 2,

    /// <summary>See captures, and have their files.</summary>
    Reader = 4,

    /// <summary>Whoever has any role may see what there is.</summary>
    Any = Requester | Approver | Reader,
}
