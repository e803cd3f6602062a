namespace CaptureFlow.Local.Hosting;

/// <summary>
/// The files that settings are read from. A setting can name a kubeconfig, and that a program to run: so none is read that somebody else could have
/// written, and none because of where a command happens to be started.
/// </summary>
internal static class SettingsFiles
{
    public const string Name = "captureflow.json";

    /// <summary><c>$XDG_CONFIG_HOME/captureflow/captureflow.json</c>, or in <c>~/.config</c>; null where there is no home.</summary>
    public static string? OfUser
    {
        get
        {
            var folder = Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return folder.Length > 0 ? Path.Combine(folder, "captureflow", Name) : null;
        }
    }

    /// <summary>Those that are there, the earlier ones first: what is named, or else the user's own; and that of the state folder.</summary>
    /// <param name="named">By --config; null for none.</param>
    /// <param name="stateFolder">The host's.</param>
    /// <exception cref="HostRefusedException">The named one is not there, or one of them is not this user's own.</exception>
    public static IReadOnlyList<string> Find(string? named, string stateFolder)
    {
        if (named is not null && !File.Exists(named))
        {
            throw new HostRefusedException($"There is no settings file {named}.", "Name one with --config that is there, or leave --config out.");
        }

        List<string> found = [.. new[] { named ?? OfUser, Path.Combine(stateFolder, Name) }.OfType<string>().Where(File.Exists).Select(Path.GetFullPath).Distinct()];
        return found.Find(file => Ownership.WhyNotOwn(file) is not null) is { } bad
            ? throw new HostRefusedException(
                $"The settings file {bad} {Ownership.WhyNotOwn(bad)}: whoever can write it can have programs run as you.",
                $"Make it your own: chown \"$(id -u)\" {Ownership.Quoted(bad)} && chmod go-w {Ownership.Quoted(bad)}")
            : found;
    }
}
