namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>One line of the sandbox's request log.</summary>
internal sealed record AskedRequest(DateTimeOffset Time, string User, string Verb, string Method, string Path, int Status, string Fault);
