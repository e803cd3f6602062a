using System.Text.Json.Serialization;

namespace CaptureFlow.Functions.Reaping;

/// <summary>An audit in one word.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuditState>))]
public enum AuditState
{
    /// <summary>No standing access: there is nothing.</summary>
    None,

    /// <summary>There are grants, and none is past its expiry.</summary>
    Live,

    /// <summary>Something should be gone and is not.</summary>
    Overdue,

    /// <summary>Nothing is known to be overdue, and not everything could be looked at.</summary>
    Unknown,
}
