namespace CaptureFlow.Sites.Gce;

/// <summary>Edits the value of <c>ssh-keys</c>: lines of others stay as they are, byte for byte, line ends included. Pure.</summary>
internal static class SshKeysText
{
    public static IReadOnlyList<SshKeyLine> Ours(string value) => [.. value.Split('\n').Select(SshKeyLine.TryRead).OfType<SshKeyLine>()];

    /// <summary>With the line at the end; the same text when it is in it.</summary>
    public static string With(string value, SshKeyLine line)
    {
        var text = line.ToString();
        if (value.Split('\n').Contains(text, StringComparer.Ordinal))
        {
            return value;
        }

        return value switch
        {
            "" => text,
            _ when value.EndsWith('\n') => $"{value}{text}\n",
            _ => $"{value}\n{text}",
        };
    }

    /// <summary>Without the lines of ours that <paramref name="goes"/> says.</summary>
    public static string Without(string value, Func<SshKeyLine, bool> goes) =>
        string.Join('\n', value.Split('\n').Where(line => SshKeyLine.TryRead(line) is not { } ours || !goes(ours)));
}
