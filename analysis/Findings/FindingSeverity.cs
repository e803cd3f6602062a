using System.Text.Json.Serialization;

namespace CaptureFlow.Analysis;

/// <summary>How much a finding deserves to be looked at first.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingSeverity>))]
public enum FindingSeverity
{
    /// <summary>Something did not work.</summary>
    Error,

    /// <summary>Something worked badly, or may have to do with what did not.</summary>
    Warning,

    /// <summary>Worth knowing.</summary>
    Note,
}
