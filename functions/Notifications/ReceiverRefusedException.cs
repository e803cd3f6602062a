namespace CaptureFlow.Functions.Notifications;

/// <summary>A receiver's name leads nowhere that a message may go. Its words hold no address.</summary>
internal sealed class ReceiverRefusedException(string message) : Exception(message);
