using System.Text.Json.Serialization;

namespace CaptureFlow.Orchestrations;

/// <summary>How complete the evidence is, in one word.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>The whole window is there: sizes and hashes agree, nothing was dropped.</summary>
    Complete,

    /// <summary>The kernel or the interface dropped packets inside the window.</summary>
    Lossy,

    /// <summary>A packet or byte bound ended the window before its time.</summary>
    LimitReached,

    /// <summary>Only a part of the window or of the file is there.</summary>
    Partial,

    /// <summary>The tap listened for the whole window and no packet matched.</summary>
    Empty,

    /// <summary>There is no usable file.</summary>
    Failed,
}
