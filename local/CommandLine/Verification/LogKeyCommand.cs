using System.CommandLine;
using System.Security.Cryptography;
using CaptureFlow.Evidence;
using CaptureFlow.Local.Hosting;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow log-key</c>: the public key of this machine's logs, for <c>verify --key</c>.</summary>
internal sealed class LogKeyCommand(Interrupts interrupts)
{
    private readonly Option<DirectoryInfo?> _state = new("--state") { Description = "The state folder of the host, as serve was given it; your own commands' key when not given", HelpName = "DIR" };

    private const string Notes = """
        Captures of this machine's hosts and commands have logs signed with a private key of their own, in
        ~/.local/state/captureflow/custody.key, or in the folder of serve --state DIR. It is made on first use.
        Keep what this prints where whoever can write the evidence cannot: verify --key FILE trusts it. Where
        CaptureFlow:Custody:SigningKey is set, its public key is: openssl ec -in KEY -pubout
        """;

    /// <summary>Where the key is of a host with that state folder; null is the user's own.</summary>
    public static string PathOf(string? state) => Path.Combine(state ?? StateHome.Path, LocalHost.CustodyKeyName);

    public static Command Build(Interrupts interrupts)
    {
        LogKeyCommand self = new(interrupts);
        CommandWithNotes command = new("log-key", "Print the public key that the logs of captures are signed with", Notes);
        command.Options.Add(self._state);
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var path = PathOf(parsed.GetValue(_state)?.FullName);
        try
        {
            using var key = await CustodySigning.OfFileAsync(path, TimeProvider.System, interrupts.End);
            Console.Out.WriteLine(key.PublicPem);
            return ExitCodes.Complete;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new HostRefusedException($"The key in '{path}' cannot be read: {e.Message}", "Name the state folder of your host with --state.");
        }
    }
}
