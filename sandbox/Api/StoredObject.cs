using System.Text.Json.Nodes;

namespace CaptureFlow.Sandbox.Api;

/// <summary>One version of one object. It is kept as bytes, so that every reader gets a copy of its own.</summary>
internal sealed record StoredObject(ResourceKind Kind, string Namespace, string Name, long Version, byte[] Json)
{
    internal JsonObject Read() => (JsonObject)JsonNode.Parse(Json)!;
}
