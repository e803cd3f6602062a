using System.ComponentModel.DataAnnotations;

namespace CaptureFlow.Functions.Triage;

/// <summary>When triage cards are made, and how long that may take. A process makes one at a time, on one core.</summary>
public sealed class TriageOptions
{
    public const string Section = "CaptureFlow:Triage";

    /// <summary>
    /// How long a capture that is stored, and whose rights are proven gone, may wait for its card before it ends without one. 0 makes none
    /// then.
    /// </summary>
    /// <value>1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:03:00")]
    public TimeSpan AtEnd { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a request for a card that is not there may take. 0 makes none for a request. Azure's front end gives up a request after 230
    /// seconds.
    /// </summary>
    /// <value>2 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:03:30")]
    public TimeSpan OnDemand { get; set; } = TimeSpan.FromMinutes(2);
}
