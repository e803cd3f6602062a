namespace CaptureFlow.Sites.Gce;

/// <summary>What a command on the node came to.</summary>
internal sealed record NodeAnswer(int ExitCode, string Output, string Errors);
