namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>A message is not what its source sends. Its words name fields and formats, never the message's content.</summary>
internal sealed class AlertFormatException(string message) : Exception(message);
