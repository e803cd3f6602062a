namespace CaptureFlow.Infra.Tests;

/// <summary>A blob of the account, as far as lifecycle rules can see it.</summary>
/// <param name="Path">Container and name.</param>
/// <param name="Type"><c>blockBlob</c> or <c>appendBlob</c>.</param>
/// <param name="Tags">Its index tags.</param>
/// <param name="ModifiedAt">When it was last written, UTC.</param>
internal sealed record StoredBlob(string Path, string Type, IReadOnlyDictionary<string, string> Tags, DateTimeOffset ModifiedAt);
