namespace CaptureFlow.Sandbox.Api;

/// <summary>How a field's value is read.</summary>
internal enum ProtobufForm
{
    Text,
    Texts,
    Number,
    Flag,
    Message,
    Messages,
    Map,
}
