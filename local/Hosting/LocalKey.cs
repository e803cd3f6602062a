using Microsoft.Extensions.Configuration;

namespace CaptureFlow.Local.Hosting;

/// <summary>A key that opens the functions of the local host.</summary>
/// <param name="Name">In lower case; null for a key of a plain list, which stands for nobody in particular.</param>
/// <param name="Value">The secret.</param>
internal sealed record LocalKey(string? Name, string Value)
{
    private const int LongestName = 63;

    /// <exception cref="HostRefusedException">A name is none, or two names have one key.</exception>
    public static IReadOnlyList<LocalKey> ReadAll(IConfiguration section)
    {
        List<LocalKey> keys = [.. section.GetChildren().Select(child => new LocalKey(NameOf(child.Key), child.Value ?? ""))];
        var twins = keys.GroupBy(key => key.Value).FirstOrDefault(same => same.Select(key => key.Name).Distinct().Count() > 1);
        return twins is null ? keys : throw new HostRefusedException(
            $"{string.Join(" and ", twins.Select(key => key.Name ?? "a key without a name"))} have the same key, so that nobody could tell who is asking.",
            $"Give each entry of {KeyGate.KeysSection} a key of its own.");
    }

    public override string ToString() => $"key {Name}";

    // A list in JSON, or KEYS__0 in the environment, has numbers for names.
    private static string? NameOf(string entry)
    {
        if (entry.All(char.IsAsciiDigit))
        {
            return null;
        }

        return entry.Length <= LongestName && entry.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? entry.ToLowerInvariant()
            : throw new HostRefusedException(
                $"'{entry}' is no name of a key.", $"Name it with letters, digits, '-', '_' and '.', at most {LongestName} of them: {KeyGate.KeysSection}:NAME.");
    }
}
