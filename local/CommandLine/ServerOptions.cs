using System.CommandLine;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The options that name a running server, the same in every command.</summary>
internal sealed class ServerOptions
{
    private readonly Option<Uri?> _server;
    private readonly Option<bool> _allowHttp = new("--allow-http") { Description = "Let the key and the packets cross the network unencrypted, to a --server that has no https" };

    /// <param name="description">What the server is for in this command.</param>
    /// <param name="preset">The address when none is given; null for no server.</param>
    public ServerOptions(string description, Uri? preset = null)
    {
        _server = new("--server") { Description = $"{description}; its key is read from {CaptureServer.KeyVariable}, or it signs in with Entra ID where {EntraSignIn.AppVariable} names its app registration", HelpName = "URL", CustomParser = ServerAddress.Parse };
        if (preset is not null)
        {
            _server.DefaultValueFactory = _ => preset;
        }
    }

    public static Uri Local { get; } = new("http://127.0.0.1:7071");

    public void AddTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_allowHttp);
        command.Validators.Add(r =>
        {
            // An address that is none has been refused already, and has no value.
            if (r.GetResult(_server) is { Tokens: [var token] } && Uri.TryCreate(token.Value, UriKind.Absolute, out var url)
                && url is { Scheme: "http", IsLoopback: false } && !r.GetValue(_allowHttp))
            {
                r.AddError($"{url} is not encrypted: your key and the packets would cross the network in the clear. Use https, or accept that with --allow-http.");
            }
        });
    }

    public Uri? Read(ParseResult parsed) => parsed.GetValue(_server);
}
