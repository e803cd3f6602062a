using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Notifications;

/// <summary>For programs. The id is the same in every attempt.</summary>
internal static class WebhookMessage
{
    public const string Schema = "captureflow.notification/1";

    public static byte[] Of(CaptureEnding ending, string? publicUrl) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            Schema,
            Id = WatchedCapture.InstanceIdOf(ending.CaptureId),
            ending.CaptureId,
            Kind = ending.Fleet ? "fleet" : "capture",
            ending.Target,
            Status = ending.State,
            ending.Verdict,
            ending.RevocationProven,
            ending.Packets,
            ending.Bytes,
            ending.Triage,
            ending.RequestedBy,
            ending.Reason,
            Fault = ending.FaultCode is null ? null : new { Code = ending.FaultCode, Message = ending.FaultMessage },
            ending.EndedAt,
            Links = NotificationText.Links(ending, publicUrl),
        },
        CaptureJson.Options);
}
