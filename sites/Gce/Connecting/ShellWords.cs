namespace CaptureFlow.Sites.Gce;

/// <summary>The one place where words become a line for a shell: a server hands an SSH command to the user's shell as text.</summary>
internal static class ShellWords
{
    /// <summary>One line whose words a POSIX shell reads back exactly as they are.</summary>
    /// <exception cref="ArgumentException">A word has a NUL, which no argument can have.</exception>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static string Quote(string word) => word.Contains('\0', StringComparison.Ordinal)
        ? throw new ArgumentException("A word of a command has a NUL.", nameof(word))
        : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
